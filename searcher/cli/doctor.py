"""`searcher doctor`: is the index sound, and what can be saved?"""

from pathlib import Path

import click

from searcher import doctor
from searcher.cli._common import echo_json, index_option, json_option, wait_option
from searcher.model import Checkup, to_json

__all__ = ["command"]

_PROBLEMS = 2


@click.command("doctor")
@index_option
@click.option("--repair", is_flag=True, help="Keep what is sound, save what can be read, name what is lost.")
@wait_option
@json_option
def command(folder: Path, *, repair: bool, wait: float, json_: bool) -> None:
    """Check the index: every checksum, count, bound and record.

    Exit code 0: the index is sound. 2: something is wrong, or --repair could not save everything.

    \b
    Example:
      searcher doctor --repair
    """
    checkup = doctor.repair(folder, wait=wait) if repair else doctor.check(folder)
    sound = not checkup.faults and not checkup.lost
    if json_:
        echo_json({"sound": sound, **to_json(checkup)})
    else:
        _show(checkup)
    if not sound:
        click.get_current_context().exit(_PROBLEMS)


def _show(checkup: Checkup) -> None:
    for fault in checkup.repaired:
        click.echo(f"was wrong: {fault.path}: {fault.what}")
    for fault in checkup.faults:
        click.echo(f"wrong: {fault.path}: {fault.what}")
    for loss in checkup.lost:
        click.echo(f"lost: {loss.report or 'unknown reports'} ({loss.path or 'unknown file'}): {loss.reason}")
    for note in checkup.notes:
        click.echo(f"note: {note}")
    if checkup.repaired:
        click.echo(f"{checkup.saved} reports were indexed again from their texts, {len(checkup.lost)} are lost")
    held = f"{checkup.segments} segments, {checkup.reports} reports, {checkup.paragraphs} paragraphs"
    if checkup.faults:
        click.echo(f"sound: {held}. Next: `searcher doctor --repair --index {checkup.index}`")
    else:
        click.echo(f"{checkup.index} is sound: {held}")
    if checkup.lost:
        click.echo("Next: run `searcher index` on the files that are lost, or on all folders if they are unknown")
