"""The receiver in a process of its own, flooded and killed: whatever it thanked for is on disk, whole.

Bodies of every platform that pushes, wrong ones among them. The flood is a few hundred; ten thousand, and how
fast they are taken, is `make flood`.
"""

from pathlib import Path

import pytest
from homes import make_company

from benchmarks import flood
from simulator.storm import Storm

BODIES = 240


@pytest.mark.parametrize("kills", [(), (1, 20, 90)], ids=["alive", "killed"])
def test_what_was_thanked_for_is_on_disk(tmp_path: Path, kills: tuple[int, ...]) -> None:
    make_company(tmp_path)
    knocks = list(Storm()(BODIES))
    receiver = flood.Receiver(tmp_path)
    receiver.start()
    try:
        told = flood.send(receiver, knocks, kills)
    finally:
        receiver.kill()
    right = sum(one.is_right for one in knocks)
    there = flood.found(tmp_path / "inbox" / "webhooks", knocks)
    assert (told["right taken"], told["wrong refused"]) == (right, BODIES - right)
    assert flood.is_good(there), there
    assert told["kills"] == len(kills)
    # What is thanked for once is brought no more, but for what platforms send twice by themselves.
    replayed = right - len({(one.platform, one.body) for one in knocks if one.is_right})
    assert there["more than once"] >= replayed > 0
    assert there["kept"] == right - replayed
