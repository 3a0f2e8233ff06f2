"""Small random reports, and trees that have something to do with them."""

from hypothesis import strategies as st

from searcher.analysis import BREAK
from searcher.model import Metadata, Paragraph, Report, Section
from searcher.query.terms import (
    ANYWHERE,
    Among,
    And,
    AtLeast,
    Between,
    Everything,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Weighted,
    Word,
)

WORDS = ("人民", "生活", "人民生活", "改革", "开放", "改革开放", "教育", "教育局", "北京", "北京市", "就业", "中")
UNITS = (*"人民生活改革开放教育局北京市就业中", "5.5", "%", "33212", "gdp", "ai", "一")
PIECES = (*WORDS, "，", "。", " ", "　", "5.5%", "33，212", "GDP", "AI", "ai gdp", "一", "教育改革就业")
OFFICES = ("北京", "北京市", "教育局", "北京市教育局", "人民就业")
DATES = ("2001", "2001-11", "2001-11-23", "2002-03-05", "2002-03", "2004")

texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
offices = st.none() | st.sampled_from(OFFICES)
names = st.none() | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join)


@st.composite
def reports(draw):
    identity = draw(st.sampled_from("abcdefgh"))
    size = draw(st.integers(0, 5))
    sections = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, size))
        sections.append(Section(draw(texts), draw(st.integers(1, 3)), start, draw(st.integers(start, size))))
    paragraphs = tuple(
        Paragraph(
            identity,
            ordinal,
            draw(texts),
            tuple(s.heading for s in sections if s.start <= ordinal < s.end),
            draw(names),
            draw(st.none() | st.sampled_from(("review", "tasks"))),
        )
        for ordinal in range(size)
    )
    about = Metadata(
        title=draw(names),
        year=draw(st.none() | st.integers(2001, 2004)),
        institution=draw(offices),
        region=draw(offices),
        date=draw(st.none() | st.sampled_from(DATES)),
        kind=draw(st.none() | st.sampled_from(("plan", "summary"))),
        tags=draw(st.sampled_from(((), ("甲", "乙")))),
    )
    script = draw(st.none() | st.sampled_from(("simplified", "traditional")))
    return Report(identity, about, tuple(sections), paragraphs, script, notes=("a note",))


collections = st.lists(reports(), max_size=6, unique_by=lambda report: report.id)

places = st.just(ANYWHERE) | st.lists(st.sampled_from(ANYWHERE), min_size=1, unique=True).map(tuple)
phrases = st.builds(
    Phrase,
    st.lists(st.sampled_from((*UNITS, BREAK, "")), min_size=1, max_size=4)
    .map(tuple)
    .filter(lambda units: units != (BREAK,)),
    places,
) | st.builds(Phrase, st.sampled_from(WORDS).map(tuple), places)
among = st.one_of(
    st.builds(Among, st.just("report"), st.lists(st.sampled_from("abcxyz"), max_size=2).map(tuple)),
    st.builds(
        Among,
        st.just("paragraph"),
        st.lists(st.sampled_from(("a#0", "b#1", "a#x", "c#-1", "d")), max_size=3).map(tuple),
    ),
    st.builds(
        Among, st.sampled_from(("institution", "region")), st.lists(st.sampled_from(OFFICES), max_size=2).map(tuple)
    ),
    st.builds(
        Among,
        st.just("year"),
        st.lists(st.sampled_from(("2001", "2003", "02001", "-1", "x")), max_size=3).map(tuple),
    ),
    st.builds(Among, st.just("kind"), st.lists(st.sampled_from(("plan", "summary", "no")), max_size=2).map(tuple)),
    st.builds(Among, st.just("zone"), st.lists(st.sampled_from(("review", "tasks", "no")), max_size=2).map(tuple)),
    st.builds(Among, st.just("script"), st.just(("simplified",))),
)
years = st.none() | st.integers(2000, 2005)
leaves = st.one_of(
    st.builds(Word, st.sampled_from((*WORDS, "gdp", "5.5%", "没有")), places),
    phrases,
    st.builds(Near, st.lists(phrases, min_size=1, max_size=3).map(tuple), st.integers(0, 4), places),
    among,
    st.builds(Between, st.just("year"), years, years),
    st.builds(Between, st.just("date"), st.none() | st.sampled_from(DATES), st.none() | st.sampled_from(DATES)),
    st.sampled_from((Everything(), Nothing())),
)


def _inner(children):
    several = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, children),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(AtLeast, st.integers(1, 3), several),
    )


trees = st.recursive(leaves, _inner, max_leaves=6)

weighted = st.lists(
    st.one_of(
        st.builds(Weighted, st.just("words"), st.sampled_from(WORDS), st.sampled_from((1.0, 0.5, 2.0))),
        st.builds(Weighted, st.just("unigrams"), st.sampled_from(UNITS)),
        st.builds(Weighted, st.just("bigrams"), st.tuples(st.sampled_from((*UNITS, BREAK)), st.sampled_from(UNITS))),
    ),
    max_size=5,
).map(tuple)
