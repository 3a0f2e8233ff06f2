"""XML: DocBook and others."""

import pytest

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._source import Block
from tests.reading.sample_files import read

DOCBOOK = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE article>
<article xmlns="http://docbook.org/ns/docbook" version="5.0"><info><title>施政报告</title><date>2023</date></info>
  <section xml:id="a"><title>(一) 前言</title>
    <para>
      1.
      今天，是我就任后
      发表的第二份报告。<!-- 注 -->
    </para>
    <section><title>经济</title><para><emphasis role="strong">各位议员：</emphasis></para>
      <itemizedlist><listitem><para>其<emphasis>一</emphasis>；</para></listitem></itemizedlist>
      <informaltable><tgroup><tbody><row><entry>指标</entry><entry>3%</entry></row></tbody></tgroup></informaltable>
    </section>
  </section>
</article>"""


def test_docbook():
    (source,) = read(DOCBOOK, "pa.xml")
    assert list(source.blocks) == [
        Block("施政报告", role="title"),
        Block("(一) 前言", role="heading", level=1),
        Block("1. 今天，是我就任后发表的第二份报告。"),
        Block("经济", role="heading", level=2),
        Block("各位议员：", bold=True),
        Block("其一；"),
        Block("指标 | 3%", role="row"),
    ]
    assert source.declared == Metadata(title="施政报告")


def test_any_vocabulary_has_text():
    (source,) = read("<doc><head>总结</head><p>甲<b>乙</b>丙</p>尾<x><y>丁</y></x></doc>", "x.xml")
    assert [block.text for block in source.blocks] == ["总结", "甲乙丙", "尾", "丁"]


@pytest.mark.parametrize(
    "xml",
    [
        "<?xml version='1.0'?><a><b>未关</a>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>" + "<a>" * 300,
        "<?xml version='1.0'?>" + "<a>" * 3000 + "</a>" * 3000,
    ],
)
def test_what_is_no_xml_is_refused(xml):
    with pytest.raises(DamagedFile, match="not valid XML"):
        read(xml, "x.xml")


def test_nothing_outside_the_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密", encoding="utf-8")
    xml = f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY s SYSTEM '{secret.as_uri()}'>]><a><p>甲&s;乙</p></a>"
    (source,) = read(xml, "x.xml")
    assert [block.text for block in source.blocks] == ["甲乙"]


def test_entities_that_grow_are_refused():
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else '炸'}'>" for n in range(9))
    with pytest.raises(DamagedFile, match="not valid XML"):
        read(f"<?xml version='1.0'?><!DOCTYPE a [{bomb}]><a><p>&e8;</p></a>", "x.xml")
