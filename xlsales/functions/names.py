"""The arguments' names in Chinese, for programs whose function wizard can show them.

Excel's wizard shows the names of the VBA code, which are English in every language; its messages name arguments as it
does. In Calc the wizard and the messages of a Chinese workbook have these names.
"""

from __future__ import annotations

from xlsales.core.expressions import expression
from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import Word

_CHINESE = {
    "total": "总目标",
    "weights": "权重",
    "step_size": "最小步长",
    "locked": "锁定",
    "lower": "下限",
    "upper": "上限",
    "row_totals": "行合计",
    "column_totals": "列合计",
    "start": "开始日期",
    "finish": "结束日期",
    "level": "期间",
    "basis": "分法",
    "periods": "期数",
    "growth": "增长率",
    "dates": "日期",
    "amounts": "销售额",
    "as_of": "截止日",
    "clock": "时钟",
    "target": "目标",
    "actual": "实际",
    "time_progress": "时间进度",
    "remaining_days": "剩余天数",
    "lamps": "阈值",
    "rates": "转化率",
    "days": "天数",
    "calendar": "放假安排",
    "fiscal_month": "财年起始月",
    "day_index": "日指数",
    "pattern": "月历",
    "month_end": "财月截止日",
    "week_start": "周起始日",
    "year_end": "财年截止",
    "curve": "目标曲线",
    "target_to_date": "应达",
    "before": "上期",
    "after": "下期",
    "reference": "今年基期",
    "ratios": "比率",
    "cap": "封顶",
    "better": "方向",
    "texts": "文本",
    "unit": "单位",
    "block": "区域",
    "method": "方法",
    "hold": "保留",
    "done": "已完成",
    "source": "转出",
    "receiver": "转入",
    "amount": "金额",
    "parts": "各项",
    "unassigned": "显示未分配",
    "plan": "计划",
    "member": "成员",
    "period": "查期间",
    "dimension": "维度",
}
_NAME = expression(rf" ?(?<![A-Za-z_])({'|'.join(_CHINESE)})(?![A-Za-z_]) ?")
_QUOTED = expression("(“[^”]*”)")


def title_of(name: str) -> Word:
    """Return an argument's name in both languages. Raises KeyError."""
    return Word(_CHINESE[name], name)


def with_titles(text: str, lang: Lang) -> str:
    """Return a text with the arguments' names in its language; what is quoted from a cell stays as it is."""
    if lang != "zh":
        return text
    parts = _QUOTED.split(text)
    return "".join(part if n % 2 else _NAME.sub(lambda found: _CHINESE[found[1]], part) for n, part in enumerate(parts))
