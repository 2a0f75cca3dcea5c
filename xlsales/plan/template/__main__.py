"""``python -m xlsales.plan.template DIR`` writes the committed templates."""

import sys

from xlsales.plan.template.plan import main

main(sys.argv[1:])
