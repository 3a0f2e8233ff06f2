import copy
import json
import pickle
from dataclasses import replace

from searcher import Hit, Metadata, Paragraph, Report, Results, Section, Snippet, Span, to_json
from searcher.model import Contribution, Origin
from searcher.wording import say

PARAGRAPH = Paragraph("r1", 3, "推行竞聘上岗。", ("一、工作", "1、改革"), "1、改革", "tasks")
HIT = Hit(
    1,
    1.5,
    PARAGRAPH,
    Metadata(title="总结", year=2006),
    (Span(2, 6),),
    ("text",),
    Snippet("推行竞聘上岗。", (Span(2, 6),)),
)


def test_a_hit_as_json():
    assert to_json(HIT) == {
        "rank": 1,
        "score": 1.5,
        "id": "r1#3",
        "report_id": "r1",
        "ordinal": 3,
        "title": "总结",
        "year": 2006,
        "institution": None,
        "region": None,
        "kind": None,
        "date": None,
        "source": None,
        "zone": "tasks",
        "section": ["一、工作", "1、改革"],
        "text": "推行竞聘上岗。",
        "spans": [[2, 6]],
        "matched_in": ["text"],
        "snippet": {"text": "推行竞聘上岗。", "spans": [[2, 6]]},
    }


def test_results_as_json():
    results = Results("竞聘", 1, (HIT,), facets={"year": ((2006, 1), (None, 2))}, notes=(say("no_time"),), took_ms=2.5)
    flat = to_json(results)
    assert flat == {
        "schema": 1,
        "query": "竞聘",
        "total": 1,
        "took_ms": 2.5,
        "notes": ["there was no time to find out more"],
        "understood": "",
        "hits": [to_json(HIT)],
        "relaxed": False,
        "facets": {"year": [[2006, 1], [None, 2]]},
        "told": [{"kind": "no_time", "params": {}}],
    }
    assert json.loads(json.dumps(flat)) == flat
    assert to_json(Results("竞聘", 1, total_reports=1))["total_reports"] == 1


def test_what_was_asked_for_comes_with_a_hit():
    flat = to_json(replace(HIT, context=(PARAGRAPH,), contributions=(Contribution("words", "竞聘", 1.5),)))
    assert flat["context"] == [to_json(PARAGRAPH)]
    assert flat["contributions"] == [{"field": "words", "term": "竞聘", "score": 1.5}]


def test_a_report_as_json_is_its_outline():
    report = Report(
        "r1",
        Metadata(title="总结", tags=("a",)),
        (Section("一、工作", 1, 0, 4),),
        (PARAGRAPH,),
        "simplified",
        ("菜单",),
    )
    flat = to_json(report)
    assert flat["headings"] == ["一、工作"]
    assert flat["paragraphs"] == [
        {
            "ordinal": 3,
            "section": ["一、工作", "1、改革"],
            "runin": "1、改革",
            "zone": "tasks",
            "text": "推行竞聘上岗。",
        }
    ]
    assert (flat["tags"], flat["furniture"], flat["script"]) == (["a"], ["菜单"], "simplified")


def test_metadata_over_another_keeps_what_is_known():
    known = Metadata(title="甲", tags=("x",))
    assert known.over(Metadata(title="乙", year=2006)) == Metadata(title="甲", year=2006, tags=("x",))


def test_nouns_travel_between_processes():
    origin, section = Origin("甲.txt", 1, 2, "c"), Section("一、工作", 1, 0, 2, runin=True)
    report = Report("r1", HIT.metadata, (section,), (PARAGRAPH,), "simplified", origin=origin)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - made here
    assert [copy.copy(noun) for noun in (report.metadata, section, PARAGRAPH, origin)] == [
        *(report.metadata, section, PARAGRAPH, origin)
    ]
