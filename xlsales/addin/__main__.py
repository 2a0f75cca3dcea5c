"""``python -m xlsales.addin`` writes the committed files: those in `built`, and the plan workbooks in `templates`."""

from pathlib import Path

from xlsales.addin.build import PLANS, build_all

here = Path(__file__).parent
for name, data in build_all().items():
    (here / "built" / name).write_bytes(data)
    if name in PLANS.values():
        (here.parents[1] / "templates" / name).write_bytes(data)
