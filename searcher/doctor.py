"""Is an index sound, and what can be saved of one that is not?"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from searcher.analysis import analyzer
from searcher.catalogue import Catalogue
from searcher.engines import Batch, Engine, Request, check_engine, make_batch, open_engine, repair_engine
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.index import DEFAULT, Index
from searcher.meta import META, read_meta, write_meta
from searcher.model import Checkup, Fault, Paragraph, Report
from searcher.query import terms

__all__ = ["check", "repair"]

_SAMPLE = 100  # reports


def check(path: str | os.PathLike[str] = DEFAULT) -> Checkup:
    """Read all of an index and say what is wrong with it.

    Checksums, tables of contents, counts, order and bounds are compared, records and texts are read, and paragraphs
    are looked for by their own words. Raises `IndexMissing`, and `IndexOutdated` where another version built it.
    """
    folder = Path(path)
    faults = tuple(_misdescribed(folder))
    found = check_engine(folder)
    if not faults and not found.faults:
        faults = (*_astray(folder), *_forgotten(folder))
    return replace(found, faults=(*faults, *found.faults))


def repair(path: str | os.PathLike[str] = DEFAULT, *, wait: float = 0.0) -> Checkup:
    """Keep what is sound in an index, and index again the texts that can still be read of the rest.

    `lost` names the reports that cannot be saved: index their files again. Raises `IndexLocked` if somebody still
    writes after `wait` seconds.
    """
    folder = Path(path)
    before = check(folder)
    mended = repair_engine(folder, _batch, _reconciled, wait)
    if any(_misdescribed(folder)):
        for fault in _astray(folder):
            raise IndexOutdated(f"{fault.path} is damaged, and {fault.what}: index the reports into a new folder")
        write_meta(folder, analyzer())
    after = check(folder)
    return replace(
        after,
        notes=(*(note for note in mended.notes if mended.faults), *after.notes),
        repaired=before.faults,
        saved=mended.saved,
        lost=mended.lost,
    )


def _reconciled(catalogue: bytes, there: Mapping[str, str]) -> bytes:
    """Return a catalogue that agrees with the reports that are there: the next run reads the other files again."""
    known = Catalogue.load(catalogue)
    known.reconcile(there)
    return known.dump()


def _batch(reports: Sequence[Report]) -> Batch:
    return make_batch(reports, analyzer())


def _misdescribed(folder: Path) -> Iterator[Fault]:
    """Say what is wrong with the description of an index; raise `IndexOutdated` where it describes another kind."""
    try:
        meta = read_meta(folder)
    except IndexDamaged as error:
        yield Fault(error.path, error.what)
        return
    if meta["analysis"] != analyzer().fingerprint:
        raise IndexOutdated(
            f"The index in {folder} was built by another analysis ({meta['analysis']}, now {analyzer().fingerprint}): "
            "run `searcher index --rebuild` on the reports"
        )


def _astray(folder: Path) -> Iterator[Fault]:
    """Say whether paragraphs are not found by their own words: then another analysis has indexed them."""
    engine = open_engine(folder)
    try:
        for record in islice(engine.reports(), _SAMPLE):
            if engine.paragraph_count(record.id):
                paragraph = engine.paragraphs([(record.id, 0)])[0]
                if not _finds(engine, paragraph):
                    what = f"paragraph {paragraph.id} is not found by its own words: another analysis has indexed it"
                    yield Fault(folder / META, what)
                    return
    finally:
        engine.close()


def _forgotten(folder: Path) -> Iterator[Fault]:
    """Say whether the catalogue is mistaken: then the next run would leave out what is not in the index."""
    with Index.open(folder) as index:
        there = {record.id for record in index.reports()}
        for what in index.catalogue().disagreements(there):
            yield Fault(folder, f"{what}: the next run would take their files for unchanged")


def _finds(engine: Engine, paragraph: Paragraph) -> bool:
    words = dict.fromkeys(token.text for token in analyzer().analyze([paragraph.text]).words_of())
    leaves = (terms.Word(word, ("text",)) for word in words)
    wanted = terms.And((terms.Among("paragraph", (paragraph.id,)), *leaves))
    return engine.search(Request(wanted, limit=0)).total == 1
