"""Checkpoints: what is refused, by one sentence."""

import json
from dataclasses import replace

import pytest

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.ladder.settings import Core, Settings
from deskc.ledger.runs import Checkpoint
from deskc.tuning.plan import Plan
from deskc.tuning.state import checkpoint, restore, start

PLAN = Plan("random")


@pytest.fixture
def good() -> Checkpoint:
    """Return a checkpoint before the first batch."""
    return checkpoint(start(PLAN, Settings()), Settings())


def refused(found: Checkpoint, settings: Settings | None = None) -> str:
    """Return the sentence that refuses a checkpoint."""
    with pytest.raises(DeskcError) as caught:
        restore(found, PLAN, settings or Settings(), of="experiment 3")
    assert "without --resume" in caught.value.help
    return caught.value.message


def changed(good: Checkpoint, **values: object) -> Checkpoint:
    """Return a checkpoint with another state, and the checksum of that."""
    text = json.dumps({**json.loads(good.state), **values})
    return good._replace(state=text, checksum=digest(text.encode()))


def test_a_checkpoint_gives_the_state_back(good: Checkpoint) -> None:
    """Put away again, it has the same bytes."""
    assert checkpoint(restore(good, PLAN, Settings(), of=""), Settings()) == good


def test_another_configuration_s_checkpoint_is_refused(good: Checkpoint) -> None:
    """Both are named."""
    message = refused(good, Settings(core=Core(seed=1)))
    assert message.startswith(f"the checkpoint of experiment 3 is of configuration {good.config_hash[:12]}, and ")


def test_another_format_is_refused(good: Checkpoint) -> None:
    """It is a later deskc's."""
    assert refused(good._replace(format=2)) == "the checkpoint of experiment 3 has format 2, and this deskc reads 1"


def test_a_damaged_checkpoint_is_refused(good: Checkpoint) -> None:
    """One bit is enough, and so is a state that has a good checksum but is none."""
    damage = [
        good._replace(state=good.state.replace("0", "1", 1)),
        good._replace(state=good.state[:-1]),
        good._replace(checksum="0" * 64),
        changed(good, search={}),
        changed(good, cache=[]),
        changed(good, best=[[1, 2]]),
        changed(good, batches=None),
        changed(good, top=[["a", "b"]]),
    ]
    assert {refused(one) for one in damage} == {"the checkpoint of experiment 3 is damaged"}


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"batches": 0}, "--batches is 0"),
        ({"batch_size": -1}, "--batch-size is -1"),
        ({"patience": -1}, "--patience is -1"),
        ({"overlaps": (10.0,)}, "mode exhaustive alone"),
        ({"mode": "bayesan"}, "bayesan is no mode"),
    ],
)
def test_a_plan_that_makes_no_run_is_refused(plan: dict[str, object], message: str) -> None:
    """With the number, or the mode that was probably meant."""
    with pytest.raises(DeskcError, match=message):
        start(replace(PLAN, **plan), Settings())  # type: ignore[arg-type]
