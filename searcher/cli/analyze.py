"""`searcher analyze`: what the index makes of a text."""

import click

from searcher.analysis import BREAK, analyzer, fold
from searcher.cli._common import echo_json, json_option

__all__ = ["command"]


@click.command("analyze")
@click.argument("text", nargs=-1, required=True)
@json_option
def command(text: tuple[str, ...], *, json_: bool) -> None:
    """Show a text's folded form, units, words and bigrams, with their offsets.

    \b
    Example:
      searcher analyze 依法治國５.５％
    """
    given = " ".join(text)
    analysis = analyzer().analyze([given])
    tokens = {"units": analysis.units_of(), "words": analysis.words_of(), "bigrams": analysis.bigrams_of()}
    if json_:
        flat = {name: [token._asdict() for token in found] for name, found in tokens.items()}
        echo_json({"text": given, "folded": fold(given), "fingerprint": analyzer().fingerprint, **flat})
        return
    click.echo(f"folded   {fold(given)}")
    for name, found in tokens.items():
        shown = "  ".join(f"{token.text.replace(BREAK, '␣')}[{token.start}:{token.end}]" for token in found)
        click.echo(f"{name:<8} {shown}")
