"""Tiny files of every format, made for the tests; the texts are invented."""

import io
import zipfile

from openpyxl import Workbook

from searcher.reading._source import Source
from searcher.reading.formats import File, sources

SIMPLIFIED = """青山县教育局2006年工作总结

　　2006年，我局在县委、县政府的领导下，认真落实各项工作部署，教育事业健康发展。
一、主要工作
（一）加强教师队伍建设。全年培训教师1,240人次，骨干教师比例提高到15.5％。
（二）改善办学条件。投入资金３２００万元，新建校舍两万平方米。
二、存在的问题
农村学校的师资力量仍然不足，城乡差距没有根本改变。
"""

TRADITIONAL = """二零零六年教育局工作總結

　　二零零六年，本局認真落實各項工作部署，教育事業健康發展，學校環境繼續改善。
一、主要工作
（一）加強教師隊伍建設。全年培訓教師一千二百人次，「以人為本」的理念深入人心。
（二）改善辦學條件。投入資金三千二百萬元，新建校舍兩萬平方米。
二、存在的問題
農村學校的師資力量仍然不足，城鄉差距沒有根本改變。
"""


def read(data: bytes | str, name: str = "report", **columns: str) -> list[Source]:
    """Return the sources in `data`, as a file of that name."""
    raw = data.encode() if isinstance(data, str) else data
    return [source for _, source in sources(File(name, raw, columns))]


def texts(source: Source) -> list[str]:
    """Return the texts of the blocks that are not blank."""
    return [block.text for block in source.blocks if block.text]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def docx(body: str, **parts: str) -> bytes:
    """Return a Word document with this XML in its body, and others in `styles`, `numbering`, `footnotes`, `footer1`."""
    frames = {"document": "<w:body>{}</w:body>", "styles": "{}", "numbering": "{}", "footnotes": "{}", "footer1": "{}"}
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "footer1": "ftr"}
    files = {"[Content_Types].xml": "<Types/>"}
    for name, content in {"document": body, **parts}.items():
        root = roots.get(name, "document")
        files[f"word/{name}.xml"] = (
            f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{W}" xmlns:mc="{MC}">'
            f"{frames[name].format(content)}</w:{root}>"
        )
    return zipped(files)


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def zipped(files: dict[str, str | bytes]) -> bytes:
    """Return a zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(*sheets: list[list[object]]) -> bytes:
    """Return a workbook with these sheets."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


Placed = tuple[float, float, str]
"""Where a line begins, from the lower left corner, in points, and its text."""


def pdf(*pages: list[Placed], picture: bool = False) -> bytes:
    """Return a PDF with these lines on its pages, set in a Chinese font that every reader knows by name."""
    objects: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        4: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 5 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        5: b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880"
        b"/StemV 93/FontBBox[0 -200 1000 900]>>",
        6: b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\x80\nendstream",
    }
    kids = []
    for lines in pages:
        number = 7 + 2 * len(kids)
        drawn = b"q 500 0 0 700 40 40 cm /I Do Q\n" if picture else b""
        for x, y, text in lines:
            drawn += f"BT /F 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()
        objects[number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>"
        ).encode()
        objects[number + 1] = f"<</Length {len(drawn)}>>stream\n".encode() + drawn + b"endstream"
        kids.append(f"{number} 0 R")
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    data, offsets = b"%PDF-1.4\n", {}
    for number in sorted(objects):
        offsets[number] = len(data)
        data += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    table = "".join(f"{offsets[number]:010} 00000 n \n" for number in sorted(objects))
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return data + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
