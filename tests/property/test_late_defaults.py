"""The law of late defaults: the compiler refuses exactly those that a bot's loader would refuse."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deskc.core.scalars import read_default
from deskc.runtime.late import TYPES, Misfit, Rule, Sources, bind
from laws import laws

TEXTS = st.one_of(st.text("0123456789+-.eE", max_size=8), st.sampled_from(["true", "false", "True", "on", "", "1_000"]))


@pytest.mark.parametrize("kind", sorted(TYPES))
@laws(100)
@given(text=TEXTS)
@example(text="9007199254740992")
@example(text="0000000000000000007")
@example(text="1e999")
@example(text="٣")
def test_a_default_is_read_as_the_loader_reads_it(kind: str, text: str) -> None:
    """Both find the same value in it, or none."""
    rule = Rule(kind=kind, minimum=None, maximum=None, enum=None)
    bound = bind(f"${{env:NAME:-{text}}}", rule=rule, sources=Sources(env={}, secrets=None))
    assert read_default(text, kind) == (None if isinstance(bound, Misfit) else bound)
