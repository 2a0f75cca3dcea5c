"""``python -m xlsales.workbook.template DIR`` writes the committed templates."""

import sys

from xlsales.workbook.template.plan import main

main(sys.argv[1:])
