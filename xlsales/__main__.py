"""``python -m xlsales`` is the command line."""

import sys

from xlsales.hosts.cli import main

sys.exit(main())
