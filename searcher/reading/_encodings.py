"""Bytes to text: which encoding gives Chinese, or where it stops giving any.

In order of trust: a byte order mark; UTF-8 that is valid to the last byte; and of the other encodings Chinese
text comes in, the one whose strict reading looks most like Chinese. What a file declares of itself breaks ties
only, for it is often wrong. Nothing is ever replaced or skipped: a byte at fault is an error with its offset.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from searcher.errors import UndecodableText, UnsupportedFormat

__all__ = ["Decoded", "decode", "likeness"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = ("gb18030", "cp950", "big5hkscs")  # on a tie the first wins
_UTF16 = ("utf-16-le", "utf-16-be")
_DECLARED = {"big5": ("cp950",), "big5-hkscs": ("big5hkscs",), "utf-16": _UTF16, "utf-16le": _UTF16, "utf-16be": _UTF16}
"""Declared charsets that may break a tie; the GB family and UTF-8 come first anyway."""

# The 500 commonest characters by the word frequencies of jieba's dictionary, their Traditional forms,
# and the marks Chinese text is set with: about three quarters of any Chinese text.
_COMMON_HAN = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之对得主长可过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去"
    "心小同北定开产前其军还然起种所如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将员名手最东头者月间无安看见各城十相但已些正口通想度加第她合院物性战由位"
    "常点海意场武使次二向治因立数样身情入原问把路被并利石老教万知级量任江及应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领队直计别女"
    "权话少流命至报米给打变果书清活几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五京河接条规式县白它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花"
    "类何眼兵传带空干农边据集联古广完质阳难增历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连调感转笑革该持始英克士尔让拉思根格造较际亲单朝红型价校约器"
    "字段周亚深候则功属积快图火千准究往极育装许参半令吃观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁断派速怎需片爱律纪支早况病境证编"
    "並亞來個們備傳價兒內兩別則劃動務勢區卻參員問喫單國圖團報場學實將專對導屬師帶幹幾廣張強後從復愛應戰據數斷於時書會東條業極構樣機權歷氣決沒況準漢濟無熱爭爲爾現產當發種稱積紀約"
    "紅級組結給統經網線編縣總羣義聯聲職聽臺與舉華萬處號衆術裏裝見規親觀計記設許話該認語說調論證議變讓資質車軍較轉辦農這連進遊運過達遠選還邊鐵長門開間關陽隊際隨難電領頭題類風馬"
    "體魚麼黃點黨為眾群裡"
)
_COMMON_MARKS = "，。、；：？！“”‘’「」『』《》〈〉【】〔〕（）—…·％－～\u3000０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩○〇"
_COMMON = frozenset(_COMMON_HAN + _COMMON_MARKS)
# No Chinese text holds many of these: private use, C1 controls, replacement, Hangul, half-width katakana, specials.
_SUSPECT = re.compile("[\x80-\x9f\ue000-\uf8ff\ufff0-\uffff\uac00-\ud7ff\uff61-\uffdc\U000f0000-\U0010ffff]")
_BEYOND_TWO_BYTES = re.compile("[^\0-\u07ff]")

_LIKELY = 0.3
"""The least likeness of a Chinese text; wrong readings stay below half of it, see the tests."""

_SAMPLE = 2000  # characters, at the start, in the middle and at the end


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the encoding that gave it."""

    text: str
    encoding: str


def decode(data: bytes, *, where: str, declared: str | None = None) -> Decoded:
    """Return `data` as text; `where` names it in errors, `declared` is the charset it claims.

    Raises `UndecodableText` with the offset of the first byte at fault, or `UnsupportedFormat` for binary data.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, where, skip=len(mark))
    if b"\0" in data:
        return _wide(data, where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        narrow = None
    else:
        # Two-byte sequences alone (é, я) are what short GB18030 text can pass for.
        if text.isascii() or _BEYOND_TWO_BYTES.search(text):
            return Decoded(text, "utf-8")
        narrow = Decoded(text, "utf-8")
    first = _DECLARED.get((declared or "").lower())
    best = _likeliest(data, (*first, *_MULTIBYTE) if first else _MULTIBYTE)
    found = best or narrow or _likeliest(data, _UTF16)
    if found is None:
        raise _undecodable(data, where)
    return found


def likeness(text: str) -> float:
    """Return how much `text` looks like Chinese: 0 not at all, about 0.75 ordinary prose; 1.0 for plain ASCII."""
    sample = text
    if len(text) > 3 * _SAMPLE:
        middle = len(text) // 2
        sample = text[:_SAMPLE] + text[middle : middle + _SAMPLE] + text[-_SAMPLE:]
    foreign = {char: times for char, times in Counter(sample).items() if char > "\x7f"}
    if not foreign:
        return 1.0
    common = sum(times for char, times in foreign.items() if char in _COMMON)
    suspect = sum(times for char, times in foreign.items() if _SUSPECT.match(char))
    return (common - 2 * suspect) / sum(foreign.values())


def _likeliest(data: bytes, encodings: tuple[str, ...]) -> Decoded | None:
    best, score = None, _LIKELY
    for encoding in dict.fromkeys(encodings):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        likely = likeness(text)
        if likely > score:
            best, score = Decoded(text, encoding), likely
    return best


def _strictly(data: bytes, encoding: str, where: str, skip: int = 0) -> Decoded:
    try:
        return Decoded(data[skip:].decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise UndecodableText(
            f"{where}: begins as {encoding.upper()} and is not; save it anew as UTF-8", offset=skip + error.start
        ) from None


def _wide(data: bytes, where: str) -> Decoded:
    best = None if len(data) % 2 else _likeliest(data, _UTF16)
    if best is None or "\0" in best.text:
        raise UnsupportedFormat(f"{where}: binary data, no text; export it as text, DOCX or PDF")
    return best


def _undecodable(data: bytes, where: str) -> UndecodableText:
    """Return the error of the encoding that fits best but for the bytes at fault."""
    found: list[tuple[float, str, int]] = []
    for encoding in ("utf-8", *_MULTIBYTE):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            found.append((likeness(data.decode(encoding, "replace")), encoding, error.start))
    likely, encoding, offset = max(found, key=lambda item: item[0], default=(0.0, "", 0))
    if likely < _LIKELY:
        return UndecodableText(
            f"{where}: no encoding known here gives Chinese text; save it anew as UTF-8",
            offset=next((i for i, byte in enumerate(data) if byte > 0x7F), 0),  # noqa: PLR2004 - the end of ASCII
        )
    return UndecodableText(
        f"{where}: {encoding.upper()} text with a broken byte; mend it or save it anew as UTF-8", offset=offset
    )
