"""What the commands share: exit codes, the index option, and output as JSON."""

import math
from pathlib import Path

import click

from searcher.rendering import as_json

__all__ = ["NOTHING_FOUND", "Seconds", "echo_json", "in_time", "index_option", "json_option", "shown", "wait_option"]

NOTHING_FOUND = 1

index_option = click.option(
    "--index",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SEARCHER_INDEX",
    default=Path("index"),
    show_default=True,
    show_envvar=True,
    help="The folder of the index.",
)


class Seconds(click.FloatRange):
    """A number of seconds in a range; nan, which click finds in every range, is in none."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


json_option = click.option("--json", "json_", is_flag=True, help="Print one JSON document.")

wait_option = click.option(
    "--wait",
    type=Seconds(min=0),
    default=0.0,
    metavar="SECONDS",
    help="How long to wait for another process that writes.",
)


def echo_json(value: object) -> None:
    """Print a noun as one indented JSON document."""
    click.echo(as_json(value, indent=2))


def in_time(counted: tuple[object, int]) -> tuple[bool, str]:
    """Return what sorts the counts of years; the unknown one is the last."""
    return counted[0] is None, str(counted[0])


def shown(text: str) -> str:
    """Return a text as one line: file names may hold what would break it."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
