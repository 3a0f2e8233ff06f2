"""What every template needs: words in the reader's language, texts in their script, links that keep the state."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast
from urllib.parse import quote, urlencode

from markupsafe import Markup

from searcher import snippets
from searcher._version import __version__
from searcher.analysis import in_script
from searcher.model import Snippet, Span
from searcher.web._parameters import PAGE, read_parameters
from searcher.web._settings import Settings
from searcher.web._windows import page_of
from searcher.web._words import WORDS
from searcher.wording import in_chinese

__all__ = ["View"]

_KNOWN = {parameter.name for parameter in PAGE}
_PLACES = ("offset", "page", "around")  # in what is shown: of no use where something else is
_SCHEMES = ("http://", "https://")


class View:
    """How one request is to be shown."""

    def __init__(self, path: str, given: Iterable[tuple[str, str]], language: str, settings: Settings) -> None:
        pairs = list(given)
        self.values = read_parameters(PAGE, pairs, strict=False)
        self.path = path
        self.root = settings.root_path
        self.lang: str = self.values.get("lang", language)
        self.display = cast('Literal["simplified", "traditional"] | None', self.values.get("display"))
        self.version = __version__
        self._given = [(name, value) for name, value in pairs if name in _KNOWN and value.strip()]

    @property
    def html_lang(self) -> str:
        """The language of the page, as HTML names it."""
        if self.lang == "en":
            return "en"
        return "zh-Hant" if self.display == "traditional" else "zh-Hans"

    def value(self, name: str) -> Any:  # noqa: ANN401 - as its parameter is read
        """Return the value of a parameter, None where it is not given."""
        return self.values.get(name)

    def t(self, key: str, **values: object) -> str:
        """Return words of the interface."""
        word = WORDS[key][self.lang == "en"].format(**values)
        return (
            self.text(word) if self.lang == "zh" and key not in ("display_simplified", "display_traditional") else word
        )

    def said(self, text: str) -> str:
        """Return what the library says, in the reader's language."""
        return text if self.lang == "en" else self.text(in_chinese(text))

    def text(self, text: str) -> str:
        """Return a text in the script the reader wants."""
        return in_script(text, self.display) if self.display else text

    def marked(self, text: str, spans: Sequence[Span], first: int | None = None) -> Markup:
        """Return a text with its matches marked; `first` is the number of the first mark, where they are numbered."""
        out: list[str] = []
        for run, matched in self._runs(Snippet(text, tuple(spans))):
            escaped = Markup.escape(run)
            if not matched:
                out.append(escaped)
            elif first is None:
                out.append(Markup("<mark>{}</mark>").format(escaped))
            else:
                out.append(Markup('<mark id="m{}">{}</mark>').format(first, escaped))
                first += 1
        return Markup("").join(out)

    def _runs(self, shown: Snippet) -> Iterable[tuple[str, bool]]:
        """Yield runs in the reader's script, converted as a whole where that keeps the length."""
        whole = self.text(shown.text)
        if len(whole) == len(shown.text):
            yield from snippets.runs(Snippet(whole, shown.spans))
            return
        for run, matched in snippets.runs(shown):
            yield self.text(run), matched

    def given(self, *names: str) -> list[tuple[str, str]]:
        """Return the state but for the parameters named, as a form hands it on."""
        return [(name, value) for name, value in self._given if name not in names]

    def url(self, path: str | None = None, fragment: str = "", **changes: object) -> str:
        """Return an address with the state changed: None takes a parameter away; another page starts at its top."""
        kept = self.given(*_PLACES, *changes)
        added = [(name, str(value)) for name, value in changes.items() if value is not None]
        asked = urlencode([*kept, *added], quote_via=quote)
        where = self.path if path is None else f"{self.root}{path}"
        return where + (f"?{asked}" if asked else "") + (f"#{fragment}" if fragment else "")

    def same(self, **changes: object) -> str:
        """Return the address of what is shown, shown otherwise: None takes a parameter away."""
        places = {name: value for name, value in self._given if name in _PLACES}
        return self.url(None, "", **{**places, **changes})

    def with_value(self, name: str, value: str) -> str:
        """Return an address where a parameter that may come again has one value more, or less if it has it."""
        kept = [pair for pair in self.given(*_PLACES) if pair != (name, value)]
        if (name, value) not in self._given:
            kept.append((name, value))
        return self._at(kept)

    def without(self, name: str) -> str:
        """Return an address without a parameter."""
        return self._at(self.given(*_PLACES, name))

    def twin(self, path: str, names: Iterable[str], **more: object) -> str:
        """Return the address of the page's JSON twin: the parameters it knows, and others added."""
        known = set(names)
        pairs = [(name, value) for name, value in self.given(*more) if name in known]
        pairs += [(name, str(value)) for name, value in more.items() if value is not None]
        return f"{self.root}/api/v1{path}" + (f"?{urlencode(pairs, quote_via=quote)}" if pairs else "")

    def _at(self, pairs: list[tuple[str, str]]) -> str:
        return self.path + (f"?{urlencode(pairs, quote_via=quote)}" if pairs else "")

    def report(self, report_id: str, ordinal: int | None = None, **changes: object) -> str:
        """Return the address of a report or of a paragraph in it."""
        if ordinal is not None and page_of(ordinal) > 1:
            changes["page"] = page_of(ordinal)
        at = "" if ordinal is None else f"p{ordinal}"
        return self.url(f"/reports/{quote(report_id, safe='')}", at, **changes)

    def static(self, name: str) -> str:
        """Return the address of a file that belongs to the package."""
        return f"{self.root}/static/{name}?v={self.version}"

    def outside(self, source: Any) -> str | None:  # noqa: ANN401 - whatever a report says of itself
        """Return an address a report was published at, if it is one a link may lead to."""
        return source if isinstance(source, str) and source.lower().startswith(_SCHEMES) else None
