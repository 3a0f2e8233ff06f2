"""Texts that tempt the analysis: Han of both scripts, figures, Latin, breaks and white space, closely packed."""

from hypothesis import strategies as st

HAN = "人民生活国共和依法治发展经济教育局民會學習務實〇○䶮𠮷中华"
PIECES = [
    *HAN,
    *("人民", "民生", "生活", "依法治国", "教育局", "中华人民共和国", "經濟發展", "李", "强"),
    *("　", " ", "\t", "\u00a0", "\u200b", "。", "，", "、", "——", "“", "”", "\U0001f600", ".", ","),
    *("5", "12", "33，212", "1,234", "5.5%", "１５．５％", "％", "3,2010", "﹪", "‰", "①", "Ⅱ", "㈠", "㎡"),
    *("GDP", "ＡＩ", "covid-19", "é", "が", "한"),
]

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
    st.text(max_size=24),
)
han_texts = st.lists(
    st.sampled_from([p for p in PIECES if all("\u4e00" <= c <= "\u9fd5" for c in p)]), max_size=24
).map("".join)
