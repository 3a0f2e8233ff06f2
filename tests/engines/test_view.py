"""What is true of all segments at once."""

import random

import numpy as np
import pytest

from searcher.engines.whoosh import _view
from tests.engines.conftest import ENGINES, commit
from tests.engines.test_conformance import one


@pytest.mark.parametrize("few", [0, 1 << 10], ids=["of all", "of some"])
@pytest.mark.parametrize("kind", ENGINES)
def test_reports_in_the_order_of_ids(tmp_path, monkeypatch, kind, few):
    monkeypatch.setattr(_view, "_FEW", few)
    engine = ENGINES[kind](tmp_path / "index")
    chance = random.Random(7)
    ids = [chance.choice(["r", "报告", "\ud800", "𠀀", "～"]) + f"{number}" for number in range(60)]
    for at in range(0, len(ids), 20):
        engine = commit(engine, [one(report_id, "改革") for report_id in ids[at : at + 20]])
    engine = commit(engine, [one(ids[3], "开放")], remove=ids[50:])  # it stands in two segments
    view = engine._view
    rows = [(shard, row) for shard in view.shards for row in np.flatnonzero(shard.live_reports).tolist()]
    numbers = np.array([view.report_numbers(view.shards.index(shard), row) for shard, row in rows])
    names = [shard.ids.text(row) for shard, row in rows]
    order = np.argsort(view.places(numbers)).tolist()
    assert [names[at] for at in order] == sorted(ids[:50])
    assert len(view.places(numbers[:0])) == 0
    engine.close()
