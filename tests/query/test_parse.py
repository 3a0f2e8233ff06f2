"""From a query string to the tree that was typed."""

import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.analysis import fold
from searcher.errors import QueryError
from searcher.query._parse import MAX_DEPTH, MAX_LENGTH, parse
from searcher.query.terms import MAX_PHRASES
from searcher.query.tree import (
    And,
    Boosted,
    Group,
    Is,
    Must,
    Not,
    Or,
    Pattern,
    Phrase,
    Range,
    Run,
    Within,
    children,
)
from searcher.schema import BY_NAME, FIELDS, Kind

A, B, C, D = map(Run, "甲乙丙丁")
TEXT = [field.name for field in FIELDS if field.kind is Kind.TEXT]

TREES = [
    # runs
    ("民生", Run("民生")),
    ("  發展　改革\n", Group((Run("發展"), Run("改革")))),
    ("COVID-19 2019-2020", Group((Run("COVID-19"), Run("2019-2020")))),
    ("5.5% 10:30 比例3:1", Group((Run("5.5%"), Run("10:30"), Run("比例3:1")))),
    ("people's don’t", Group((Run("people's"), Run("don’t")))),
    ("https://example.org", Run("https://example.org")),
    ("《甲》，乙。", Run("《甲》，乙。")),
    ("好吗？", Run("好吗？")),
    (r"\(甲\) \AND \-乙 丙\ 丁", Group((Run("(甲)"), Run("AND"), Run("-乙"), Run("丙 丁")))),
    ("甲\\", Run("甲\\")),
    (r"注\:乙", Run("注:乙")),
    ("x^y x^2y", Group((Run("x^y"), Run("x^2y")))),
    # phrases
    ('"甲 乙"', Phrase("甲 乙")),
    ("“甲” 「乙」 『丙』 ‘丁’ ＂戊＂", Group(tuple(map(Phrase, "甲乙丙丁戊")))),
    ("”甲“ “乙“ „丙”", Group(tuple(map(Phrase, "甲乙丙")))),
    ("「甲『乙』」", Phrase("甲『乙』")),
    ("‘it’s’", Phrase("it’s")),
    (r'"甲\"乙\\"', Phrase('甲"乙\\')),
    ('甲"乙"丙', Group((A, Phrase("乙"), C))),
    ('"甲 乙"~5', Phrase("甲 乙", 5)),
    ("“甲 乙”～５", Phrase("甲 乙", 5)),
    # patterns
    ("碳中* *中和 改?开 ??改", Group((Pattern("碳中*"), Pattern("*中和"), Pattern("改?开"), Pattern("??改")))),
    (r"碳\*和*", Pattern("碳＊和*")),
    (r"碳中\*", Run("碳中*")),
    # operators
    ("甲 乙", Group((A, B))),
    ("甲 AND 乙 && 丙", And((A, B, C))),
    ("甲 OR 乙 || 丙", Or((A, B, C))),
    ("甲 与 乙 與 丙", And((A, B, C))),
    ("甲 或 乙", Or((A, B))),
    ("甲 乙 OR 丙 AND 丁 甲", Or((Group((A, B)), And((C, Group((D, A))))))),
    ("甲 and 乙", Group((A, Run("and"), B))),
    ("ANDROID 甲", Group((Run("ANDROID"), A))),
    ("NOT 甲 乙", Group((Not(A), B))),
    ("NOT NOT 甲", Not(Not(A))),
    ("甲 AND NOT 乙", And((A, Not(B)))),
    ("甲 OR -乙", Or((A, Not(B)))),
    ("+甲 －乙 ＋丙 !丁", Group((Must(A), Not(B), Must(C), Not(D)))),
    ("-(甲 OR 乙) -“丙”", Group((Not(Or((A, B))), Not(Phrase("丙"))))),
    ("甲 - 乙 --丙", Group((A, Run("-"), B, Run("--丙")))),
    ("“甲”-“乙”", Group((Phrase("甲"), Run("-"), Phrase("乙")))),
    ("甲(乙)丙", Group((A, B, C))),
    ("（甲 或 乙） 丙", Group((Or((A, B)), C))),
    ("((甲)) (((乙 丙)))", Group((A, Group((B, C))))),
    ("(甲)AND(乙)", And((A, B))),
    # Chinese operators are words wherever they have nothing to work on
    ("与", Run("与")),
    ("非", Run("非")),
    ("甲 或", Group((A, Run("或")))),
    ("或 甲", Group((Run("或"), A))),
    ("甲与乙 与丙", Group((Run("甲与乙"), Run("与丙")))),
    ("(甲)与(乙)", Group((A, Run("与"), B))),
    ("甲 与 AND 乙", And((Group((A, Run("与"))), B))),
    ("甲 与 非 乙", And((A, Not(B)))),
    ("非 甲", Not(A)),
    ("(非 甲)", Not(A)),
    # boosts
    ("甲^2 “乙”^0.5 (丙 丁)＾３", Group((Boosted(A, 2), Boosted(Phrase("乙"), 0.5), Boosted(Group((C, D)), 3)))),
    ("-甲^2 title:乙^3", Group((Not(Boosted(A, 2)), Boosted(Within("title", B), 3)))),
    # text fields
    ("title:甲", Within("title", A)),
    ("TITLE： “甲”", Within("title", Phrase("甲"))),
    ("標題：甲 標題路徑：乙 題名:丙", Group((Within("title", A), Within("section", B), Within("title", C)))),
    ("section:(甲 OR title:乙)", Within("section", Or((A, Within("title", B))))),
    ("title:甲 乙", Group((Within("title", A), B))),
    ("-機構：甲", Not(Within("institution", A))),
    ("title:2004..2008 title:a:b", Group((Within("title", Run("2004..2008")), Within("title", Run("a:b"))))),
    ("国务院办公厅：甲", Run("国务院办公厅：甲")),
    ("“甲”规划：乙", Group((Phrase("甲"), Run("规划：乙")))),
    # filters
    ("kind:工作總結", Is("kind", ("工作總結",))),
    ("kind:(甲 OR “乙 丙” 甲)", Is("kind", ("甲", "乙 丙"))),
    ("zone:(任務 或 Goals)", Is("zone", ("tasks", "goals"))),
    ("篇章：開篇 字體：簡體", Group((Is("zone", ("opening",)), Is("script", ("simplified",))))),
    ("report:a-b id:a#1", Group((Is("report", ("a-b",)), Is("id", ("a#1",))))),
    # ranges
    ("year：2024", Range("year", 2024, 2024)),
    ("年份：２００４．．２００８年", Range("year", 2004, 2008)),
    ("year:[2004 TO 2008]", Range("year", 2004, 2008)),
    ("year:[* TO 2008]", Range("year", None, 2008)),
    ("year:>=2010 year:≤2010", Group((Range("year", 2010, None), Range("year", None, 2010)))),
    ("2004..2008", Range("year", 2004, 2008)),
    ("..2008 2020.. 1..5", Group((Range("year", None, 2008), Range("year", 2020, None), Run("1..5")))),
    ("year:(2004 OR 2006..)", Or((Range("year", 2004, 2004), Range("year", 2006, None)))),
    ("-2004..2008", Not(Range("year", 2004, 2008))),
    ("date:2006", Range("date", "2006", "2006")),
    ("date:2006-03..2006-05", Range("date", "2006-03", "2006-05")),
    ("date:2006-03..2006", Range("date", "2006-03", "2006")),
    ("日期：2006年3月5日", Range("date", "2006-03-05", "2006-03-05")),
    ("date:[2006/3 TO *]", Range("date", "2006-03", None)),
]  # fmt: skip

FAULTS = [
    ("", "empty_query", 0),
    (" 　", "empty_query", 0),
    (" - ", "missing_operand", 1),
    ("AND", "missing_operand", 0),
    ("甲 AND", "missing_operand", 2),
    ("甲 AND OR 乙", "missing_operand", 6),
    ("NOT", "missing_operand", 0),
    ("(甲 OR ) 乙", "missing_operand", 3),
    ("甲 || NOT", "missing_operand", 5),
    ("()", "empty_group", 0),
    ("甲 （ ）", "empty_group", 2),
    ("title:( )", "empty_group", 6),
    ("kind:()", "empty_group", 5),
    ("(甲 OR 乙", "unbalanced_parenthesis", 0),
    ("(甲 （乙", "unbalanced_parenthesis", 3),
    ("kind:(甲", "unbalanced_parenthesis", 5),
    ("甲)", "unbalanced_parenthesis", 1),
    ('甲 "乙', "unbalanced_quote", 2),
    ("「甲『", "unbalanced_quote", 0),
    ("‘甲", "unbalanced_quote", 0),
    ("甲」", "unbalanced_quote", 1),
    ('甲 ""', "empty_phrase", 2),
    ("「　」", "empty_phrase", 0),
    ("foo:甲", "unknown_field", 0),
    ("甲 -作者：乙", "unknown_field", 3),
    ("title:", "missing_value", 0),
    ("甲 (title: )", "missing_value", 3),
    ("title: AND 甲", "missing_value", 0),
    ("title:-甲", "misplaced_sign", 6),
    ("year:abc", "bad_value", 5),
    ("年份：06", "bad_value", 3),
    ("year:..", "bad_value", 5),
    ("year:[2004 2008]", "bad_value", 5),
    ("year:[2004", "bad_value", 5),
    ("year:(2004 AND 2005)", "bad_value", 11),
    ("year:(2004 OR 20050)", "bad_value", 14),
    ("date:2006-13", "bad_value", 5),
    ("date:2006-02-30", "bad_value", 5),
    ("kind:甲乙*", "bad_value", 5),
    ("zone:(任务 OR 甲)", "unknown_value", 12),
    ("2008..2004", "reversed_range", 0),
    ("甲 year:2008..2004", "reversed_range", 7),
    ("date:2006-05..2006-03", "reversed_range", 5),
    ("*", "bad_pattern", 0),
    ("?", "bad_pattern", 0),
    ("甲 碳*", "bad_pattern", 2),
    ("碳*和", "bad_pattern", 0),
    ("*碳中*", "bad_pattern", 0),
    ("碳?和*", "bad_pattern", 0),
    ('"甲"~', "bad_distance", 3),
    ('"甲"~1000', "bad_distance", 3),
    ('甲 "' + "甲 " * MAX_PHRASES + '乙"~9', "bad_distance", 2),
    ("^2", "bad_boost", 0),
    ("甲^0", "bad_boost", 1),
    ("甲^99999", "bad_boost", 1),
    ("(甲 乙)^x", "bad_boost", 5),
    ("year:2004^2", "bad_boost", 9),
    ("甲" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH),
    ("NOT " * MAX_DEPTH + "甲", "too_deep", 4 * MAX_DEPTH),
    ("(" * 2000 + "甲", "unbalanced_parenthesis", 1999),
]


@pytest.mark.parametrize(("query", "tree"), TREES, ids=[query for query, _ in TREES])
def test_trees(query, tree):
    assert parse(query) == tree
    assert parse(str(tree)) == tree


@pytest.mark.parametrize(("query", "kind", "position"), FAULTS, ids=[query[:20] for query, _, _ in FAULTS])
def test_faults(query, kind, position):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.kind, caught.value.position) == (kind, position)
    assert caught.value.query == query


def test_positions():
    tree = parse("甲  title:(乙 OR “丙”) -丁^2 kind:戊")
    _, within, negated, kind = tree.children
    assert [child.position for child in tree.children] == [0, 3, 20, 25]
    assert [child.position for child in within.child.children] == [10, 15]
    assert (negated.child.position, negated.child.child.position, kind.position) == (21, 21, 25)


def test_messages_name_the_known_fields():
    with pytest.raises(QueryError, match=r"title \(标题\).*position 4 of the query"):
        parse("甲乙 作者:丙")


def test_two_thousand_of_everything():
    assert parse("(" * 2000 + "甲" + ")" * 2000) == A
    assert parse("发" * 2000) == Run("发" * 2000)
    assert len(children(parse("甲 " * 2000))) == 2000
    assert parse("NOT " * (MAX_DEPTH - 1) + "甲").child.position == 4


def test_names_in_the_schema_are_folded():
    names = [*BY_NAME, *(name for field in FIELDS for value, others in field.values for name in (value, *others))]
    assert [fold(name) for name in names] == names


OPERATORS = ["AND", "OR", "NOT", "&&", "||", "与", "與", "或", "非"]
PIECES = [
    *'甲乙與ab19 　()（）"“”「」『』‘’+-－!^~*?\\:：.[]{}\n',
    *[f" {operator} " for operator in OPERATORS],
    *[
        "2004..2008",
        "..",
        "year:",
        "title:",
        "kind:",
        "date:2006-03",
        "zone:任务",
        "foo:",
        "^2",
        "~5",
        "[2004 TO 2008]",
        "😀",
        "\ud800",
    ],
]
QUERIES = st.lists(st.sampled_from(PIECES), max_size=16).map("".join) | st.text(max_size=40)


@settings(max_examples=1000)
@given(QUERIES)
@example("甲 title:(-\\ 乙)^2")
def test_any_text_is_read_or_refused(query):
    try:
        tree = parse(query)
    except QueryError as error:
        tree, position = None, error.position
    if tree is None:
        assert 0 <= position <= len(query)
        return
    assert parse(str(tree)) == tree
    level = [tree]
    while level:
        assert all(0 <= node.position < len(query) for node in level)
        level = [child for node in level for child in children(node)]


MARKS = [piece for piece in PIECES if len(piece) == 1]
WORDS = st.text(st.sampled_from(MARKS) | st.characters(), min_size=1, max_size=6) | st.sampled_from(OPERATORS)
QUOTED = WORDS.map(str.strip).filter(bool)
YEARS = st.integers(0, 9999)
LEAVES = (
    WORDS.map(Run)
    | st.builds(Phrase, QUOTED, st.none() | st.integers(0, 999))
    | st.sampled_from(["碳中*", "*ab", "-2x*", "*-2x", "a?", "a:?", "2004..?"]).map(Pattern)
    | st.builds(lambda bounds: Range("year", *sorted(bounds)), st.tuples(YEARS, YEARS))
    | st.builds(Is, st.just("kind"), st.lists(QUOTED, min_size=1, max_size=3, unique=True).map(tuple))
)  # fmt: skip


def branches(nodes):
    several = st.lists(nodes, min_size=2, max_size=4).map(tuple)
    scored = nodes.filter(lambda node: not isinstance(node, Is | Range))
    return (
        st.one_of(st.builds(kind, several) for kind in (Group, And, Or))
        | st.one_of(st.builds(kind, nodes) for kind in (Not, Must))
        | st.builds(Within, st.sampled_from(TEXT), nodes)
        | st.builds(Boosted, scored, st.integers(1, 10**6).map(lambda thousandths: thousandths / 1000))
    )


@settings(max_examples=500)
@given(st.recursive(LEAVES, branches, max_leaves=12))
def test_what_a_tree_writes_is_that_tree(tree):
    assert parse(str(tree)) == tree


@pytest.mark.parametrize("piece", ["甲", "甲 ", "“甲” ", "(", "\\", "^", "与 ", "title:(甲) ", "year:2004 ", "‘", "? "])
def test_time_grows_with_length(piece):
    def seconds(length):
        query = (piece * length)[:length]
        times = []
        for _ in range(5):
            begun = time.process_time()
            with suppress(QueryError):
                parse(query)
            times.append(time.process_time() - begun)
        return min(times)

    assert seconds(4000) < 10 * seconds(1000) + 0.002  # sixteen times as long were it quadratic
