"""Client order ids: the layout to the bit, and no two alike."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

import deskc.testing
from deskc.runtime.errors import OrderIdError
from deskc.runtime.order_id import OrderId, new_order_id
from deskc.runtime.stamp import Stamp

DIGEST = "8dfcb9d13aa7" + "0" * 52


def test_the_layout_is_fixed_to_the_bit() -> None:
    """Version, 48 bits of the digest, 20 of the run, 56 of the sequence: other languages read it by this."""
    one = OrderId(params_digest=DIGEST, run=0xABCDE, sequence=0x12345678901234)
    assert one.text() == "0x18dfcb9d13aa7abcde12345678901234"
    assert one.text("base62") == "dk0kw5cKEOU1Ji6ZMgfn8ZIS"
    assert OrderId(params_digest="0" * 12, run=0, sequence=0).text("base62") == "dk0UBsO4td5jEbl6wfnwZr6G"


def test_a_stamp_makes_ids_that_name_its_settings() -> None:
    """What comes back from the venue leads to the params digest; one process has one run, and counts."""
    stamp = deskc.testing.snapshot({"coins": {"ETH": {"trading": {"leverage": 3}}}})["ETH"].stamp
    first, second = Stamp.parse(stamp.order_id()), Stamp.parse(stamp.order_id("base62"))
    assert stamp.params_digest.startswith(first.params_digest)
    assert (second.params_digest, second.run, second.sequence) == (first.params_digest, first.run, first.sequence + 1)


def test_threads_never_share_an_id() -> None:
    """Eight at once, a thousand each."""
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: [new_order_id(DIGEST) for _ in range(1000)], range(8))
    assert len({one for many in made for one in many}) == 8000


def test_a_stamp_without_a_digest_makes_no_id() -> None:
    """Half a digest or something else would lead nowhere."""
    for digest in ("", "8dfcb9d13aa", "none", "8DFCB9D13AA7"):
        with pytest.raises(OrderIdError, match="no digest"):
            new_order_id(digest)
    with pytest.raises(OrderIdError, match="do not fit"):
        OrderId(params_digest=DIGEST, run=2**20, sequence=0)


def test_an_id_is_a_value() -> None:
    """Frozen, hashable, copied and pickled whole."""
    one = OrderId(params_digest=DIGEST, run=1, sequence=2)
    assert {one, copy.deepcopy(one), pickle.loads(pickle.dumps(one))} == {one}  # noqa: S301 - its own bytes
    with pytest.raises(AttributeError, match="frozen"):
        one.run = 3
    assert repr(one) == "OrderId(params_digest='8dfcb9d13aa7', run=1, sequence=2)"
