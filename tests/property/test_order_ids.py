"""Client order ids say what they were made of, in either form, and nothing else is taken for one."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.runtime.errors import OrderIdError
from deskc.runtime.order_id import OrderId
from deskc.runtime.stamp import Stamp
from laws import laws

Style = Literal["hex", "base62"]
STYLES: tuple[Style, ...] = ("hex", "base62")
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
IDS = st.builds(OrderId, params_digest=DIGESTS, run=st.integers(0, 2**20 - 1), sequence=st.integers(0, 2**56 - 1))


@laws(100)
@given(IDS)
def test_both_forms_are_read_back(one: OrderId) -> None:
    """The digest's first 12 digits, run and sequence, whatever they are; the forms are as long as venues allow."""
    for style, length in zip(STYLES, (34, 24), strict=True):
        text = one.text(style)
        assert Stamp.parse(text) == one
        assert len(text) == length
        assert Stamp.parse(text).text(style) == text


@laws(100)
@given(IDS, st.sampled_from(STYLES), st.data())
def test_another_character_is_another_id_or_none(one: OrderId, style: Style, draw: st.DataObject) -> None:
    """No two texts of one form stand for one id, but for the case of hex digits."""
    text = one.text(style)
    place = draw.draw(st.integers(0, len(text) - 1))
    other = text[:place] + draw.draw(st.characters()) + text[place + 1 :]
    try:
        read = Stamp.parse(other)
    except OrderIdError:
        return
    assert (read == one) == (other == text or (style == "hex" and other.lower() == text))


@laws(200)
@given(st.one_of(st.text(), st.from_regex(r"(0x|dk)[0-9A-Za-z]{20,34}", fullmatch=True)))
def test_garbage_is_an_order_id_error_or_reads_back(text: str) -> None:
    """Nothing else is raised, and what is taken for an id spells that id."""
    try:
        one = Stamp.parse(text)
    except OrderIdError:
        return
    assert one.text("hex" if text.startswith("0x") else "base62") in (text, text.lower())


@pytest.mark.parametrize("text", ["0x" + "f" * 32, "0x" + "2" + "0" * 31, "dk" + "z" * 22, "dk" + "0" * 22])
def test_another_version_is_refused(text: str) -> None:
    """What a later deskc or somebody else made is not guessed at; 22 digits can say more than 128 bits."""
    with pytest.raises(OrderIdError):
        Stamp.parse(text)
