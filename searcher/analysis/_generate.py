"""Write `data/fold.txt` anew: `python -m searcher.analysis._generate`.

Run it when OpenCC's table or the rules below change; a test holds the shipped file equal to what this gives.
"""

import unicodedata
from importlib.resources import files
from pathlib import Path

__all__ = ["fold_pairs", "render"]

# Written for the zero of years (一九八○年) by many typists.
_BY_HAND = {"○": "〇"}

_KEPT_APART = "衹"  # only, in Hong Kong; elsewhere also a monk's robe


def fold_pairs() -> dict[str, str]:
    """Return every character that folds to another one, closed so that folding twice changes nothing."""
    traditional = _simplified()

    def step(char: str) -> str:
        for change in (unicodedata.normalize("NFKC", char), char.lower()):
            if len(change) == 1 and change != char:
                return change
        return _BY_HAND.get(char) or traditional.get(char, char)

    pairs = {}
    for code in range(0x80, 0x110000):
        if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
            continue
        char, seen = chr(code), set()
        while char not in seen:
            seen.add(char)
            char = step(char)
        if char != chr(code):
            pairs[chr(code)] = char
    return pairs | {chr(code): chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}


def _simplified() -> dict[str, str]:
    """Read OpenCC's own character tables, each character to its first alternative.

    Traditional to Simplified (`t2s`), and before it the forms Hong Kong writes to those the table knows (衞 to 衛).
    """
    simplified = _table("TSCharacters.txt")
    forms = _table("HKVariantsRev.txt").items()
    # Many of these forms are Simplified themselves (吃, for 喫): they stay as they are.
    own = {a: b for a, b in forms if a not in _KEPT_APART and simplified.get(b, b) != a}
    return own | simplified


def _table(name: str) -> dict[str, str]:
    table = (files("opencc") / "dictionary" / name).read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if "\t" in line)
    first = ((source, alternatives.split(" ")[0]) for source, alternatives in rows)
    return {source: target for source, target in first if len(source) == len(target) == 1}


def render(pairs: dict[str, str]) -> str:
    """Return the file: the Unicode version, then all sources and their targets, sorted, each as four bytes."""
    rows = "\n".join(f"{ord(source):08X} {ord(target):08X}" for source, target in sorted(pairs.items()))
    return f"# Unicode {unicodedata.unidata_version}\n{rows}\n"


if __name__ == "__main__":
    (Path(__file__).parent / "data" / "fold.txt").write_text(render(fold_pairs()), "utf-8")
