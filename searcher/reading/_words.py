"""Words that tell what kind of report a title names, and who has written it. All in Simplified script, as folded."""

import re

__all__ = ["KINDS", "OFFICES", "POSTS", "kind_of"]

KINDS = {
    "政府工作报告": "政府工作报告",
    "施政报告": "施政报告",
    "统计公报": "统计公报",
    "工作总结": "工作总结",
    "总结报告": "工作总结",
    "总结": "工作总结",
    "工作要点": "工作要点",
    "工作计划": "工作计划",
    "工作报告": "工作报告",
    "五年计划": "规划",
    "计划纲要": "规划",
    "规划纲要": "规划",
    "纲要": "规划",
    "规划": "规划",
    "行动计划": "计划",
    "行动方案": "方案",
    "计划": "计划",
    "决议": "决议",
    "决定": "决定",
    "通知": "通知",
    "通告": "公告",
    "公告": "公告",
    "通报": "通报",
    "公报": "公报",
    "批复": "批复",
    "意见": "意见",
    "方案": "方案",
    "办法": "办法",
    "条例": "条例",
    "规定": "规定",
    "细则": "细则",
    "措施": "措施",
    "指南": "指南",
    "指引": "指南",
    "标准": "标准",
    "白皮书": "白皮书",
    "讲话": "讲话",
    "预算案": "预算",
    "报告": "报告",
}
"""What a title calls its report → the kind of report that is."""

_KIND = re.compile("|".join(sorted(KINDS, key=len, reverse=True)))
_BEHIND = re.compile(r"\s*(?:[》」”\"')）]|\(.{0,20}\)|书|稿|草案|汇编|[-—].*)*\s*$")

OFFICES = (
    r"(?:人民政府(?:办公[厅室])?|国务院(?:办公厅)?|行政院|人民代表大会(?:常务委员会)?|人大常委会"
    r"|[\u4e00-\u9fff]{0,10}(?:局|厅|委|部|署|院|处|中心|集团|协会|委员会|办公[厅室]|调查队))"
)
"""What the name of an institution ends with."""

POSTS = (
    r"(?:国务院|人民政府|自治区|省|市|县|区|州|行政院)?(?:代|副|常务副)?"
    r"(?:总理|省长|市长|县长|区长|州长|盟长|旗长|镇长|乡长|主席|局长|厅长|部长|主任|院长|书记|行政长官|专员|委员长|司长|秘书长)"
)
"""The posts of those who give reports."""


def kind_of(folded_title: str) -> tuple[str, bool] | None:
    """Return the kind a folded title names, and whether the title ends with it.

    The last word decides: a 决议 on a 政府工作报告 is a 决议.
    """
    found = None
    for match in _KIND.finditer(folded_title):
        found = match
    if found is None:
        return None
    return KINDS[found[0]], bool(_BEHIND.match(folded_title, found.end()))
