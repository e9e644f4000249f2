"""Whatever a lock file holds, it is read whole or told to be wrong at a place in it."""

from hypothesis import given
from hypothesis import strategies as st

from deskc.content import load_markets
from deskc.core.documents import Tree
from deskc.markets.facts import Market
from laws import laws
from some_market import LOCK

FILE = "markets/venue.yaml"
LINES = LOCK.splitlines()
VALUES = st.sampled_from(
    [
        "null",
        "0",
        "-1",
        "1e-9",
        "0.1",
        "true",
        "text",
        "[]",
        "{}",
        "[1, {a: 2}]",
        "2025-02-30T00:00:00Z",
        "${env:X}",
        "",
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return the lock file with some lines gone, doubled, moved to the margin or given another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition(":")[0]
        other = [[], [lines[at]] * 2, [lines[at].lstrip()], [f"{key}: {draw(VALUES)}"], [draw(st.text(max_size=8))]]
        lines[at : at + 1] = draw(st.sampled_from(other))
    return "\n".join(lines) + "\n"


@laws(400)
@given(text=damaged())
def test_a_lock_file_is_read_or_refused(text: str) -> None:
    """Never a traceback, never half of it: facts and errors exclude each other, and every error has place and help."""
    tree = Tree(None, 0, {FILE: text.encode("utf-8", "surrogatepass")})
    markets, findings = load_markets(tree, "markets/")
    assert bool(markets.exchanges) is not bool(findings)
    for finding in findings:
        assert finding.help
        assert {place.path for place in finding.places} == {FILE}
        assert all(1 <= place.line <= text.count("\n") + 1 for place in finding.places)
    for exchange in markets.exchanges.values():
        for market in exchange.coins.values():
            assert isinstance(market, Market)
            assert all(getattr(market, fact) is None for fact in market.unknown)
