"""What columns, sidecars and heads of pages declare."""

import datetime as dt

import pytest

from searcher.model import Metadata
from searcher.reading._declared import declared, field_of_ending, iso_date


@pytest.mark.parametrize(
    ("values", "metadata"),
    [
        ({"title": " 工作  总结 "}, Metadata(title="工作 总结")),
        ({"題名": "總結", "年份": "2006年"}, Metadata(title="總結", year=2006)),
        ({"Publish Date": "2006-3-5"}, Metadata(date="2006-03-05")),
        ({"publish_date": dt.datetime(2006, 3, 5, tzinfo=dt.UTC)}, Metadata(date="2006-03-05")),
        ({"year": 2006.0}, Metadata(year=2006)),
        ({"year": "n/a"}, Metadata()),
        ({"year": True}, Metadata()),
        ({"year": "20060"}, Metadata()),
        ({"year": 1 << 31}, Metadata()),
        ({"year": -(1 << 31)}, Metadata()),
        ({"year": "9" * 5000}, Metadata()),
        ({"year": 1e30}, Metadata()),
        ({"source_url": "https://example.gov.cn/a?b=1"}, Metadata(source="https://example.gov.cn/a?b=1")),
        ({"source": "新华社"}, Metadata()),
        ({"province": "海南省"}, Metadata(region="海南省")),
        ({"tags": "教育；人事，改革"}, Metadata(tags=("教育", "人事", "改革"))),
        ({"tags": ["教育", " ", "人事 改革"]}, Metadata(tags=("教育", "人事 改革"))),
        ({"puborg": "教育局", "institution": "财政局"}, Metadata(institution="教育局")),
        ({"title": None, "标题": "后备"}, Metadata(title="后备")),
        ({"unknown": "x", "title": {"nested": 1}}, Metadata()),
    ],
)
def test_values_are_read_by_field(values, metadata):
    assert declared(values.items()) == metadata


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2006-03-05", "2006-03-05"),
        ("2006年3月5日", "2006-03-05"),
        ("2006年3月", "2006-03"),
        ("2006", "2006"),
        ("20060305", "2006-03-05"),
        ("2006/3/5 10:00:00", "2006-03-05"),
        ("发布于 2006.03.05", "2006-03-05"),
        ("2006-13-05", "2006"),
        ("2006-02-30", None),
        ("昨天", None),
    ],
)
def test_dates_are_as_exact_as_they_are_given(text, date):
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Policy Title", "title"),
        ("Release Time", "date"),
        ("release-department", "institution"),
        ("政策标题", "title"),
        ("责任部门", "institution"),
        ("生成日期", "date"),
        ("访问量", None),
        ("time", None),
        ("建成年", None),
    ],
)
def test_longer_names_are_known_by_their_ending(name, field):
    assert field_of_ending(name) == field
