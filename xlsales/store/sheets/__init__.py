"""The sheets of a store's workbook, in the order of their tabs; each is at home in one module or package."""

from xlsales.store.sheets import actions, commitment, front, letter, scorecard, tiers, tracking, weeks
from xlsales.store.sheets.days import sheet as days
from xlsales.store.sheets.detail import sheet as detail
from xlsales.store.sheets.members import sheet as members

SHEETS = (
    front.SHEET,
    days.SHEET,
    weeks.SHEET,
    tiers.SHEET,
    detail.SHEET,
    tracking.SHEET,
    actions.SHEET,
    scorecard.SHEET,
    commitment.SHEET,
    members.SHEET,
    letter.SHEET,
)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
READ = {sheet.key: sheet.reads for sheet in SHEETS if sheet.is_read}
"""What is read when a file returns: the sheets, each with the columns that are read of every row."""
