"""Settings that were withdrawn never compile again."""

import pytest

from deskc.core.codes import TINY
from suppressing import COIN, codes, compiled, compiled_against

BOT = "bots/maker/bot.yaml"


def digest(coin: str | None) -> str:
    """Return what a scope of the tiny desk trades."""
    (snapshot,) = compiled({}).snapshots
    return next(row.params_digest for row in snapshot.rows if row.coin == coin)


def entry(*, coin: str | None = "ETH", bot: str = "maker", of: str | None = "ETH") -> str:
    """Return a line of the quarantine: a digest for a bot and a coin."""
    named = "null" if coin is None else coin
    return f'- {{params_digest: "{digest(of)}", bot: {bot}, coin: {named}, reason: it bought the top.}}\n'


@pytest.mark.parametrize(("coin", "of", "scope"), [("ETH", "ETH", "paper/maker/ETH"), (None, None, "paper/maker")])
def test_withdrawn_settings_are_an_error_with_their_reason(coin: str | None, of: str | None, scope: str) -> None:
    """The finding names the scope, the reason and the line of the quarantine; nothing of the bot compiles."""
    compilation = compiled({"quarantine.yaml": "# Never again.\n" + entry(coin=coin, of=of)})
    (finding,) = compilation.findings
    shown = "maker/ETH" if coin else "maker"
    assert (finding.code, finding.severity, finding.scopes) == ("QUAR001", "error", (scope,))
    assert finding.message == f"the settings {digest(of)[:8]} were withdrawn for {shown}: it bought the top"
    assert (finding.places[0].path, finding.places[0].line) == ("quarantine.yaml", 2)
    assert compilation.snapshots == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (entry(coin="SOL"), ["QUAR002"]),
        (entry(coin=None), []),
        (entry(bot="taker"), ["QUAR002"]),
        (entry(of=None), []),
        ("# " + entry(), []),
    ],
)
def test_other_settings_bots_and_coins_go_on(text: str, told: list[str]) -> None:
    """Withdrawn is what was listed, for whom it was listed; where that is nobody of the desk a warning says so."""
    compilation = compiled({"quarantine.yaml": text})
    assert (codes(compilation), len(compilation.snapshots)) == (told, 1)


def test_a_label_does_not_bring_settings_back() -> None:
    """The digest covers what trades, so neither a comment nor a version makes them others."""
    files = {BOT: TINY[BOT].replace("1.0.0", "2.0.0"), COIN: "# Again.\n" + TINY[COIN]}
    assert codes(compiled({"quarantine.yaml": entry(), **files})) == ["QUAR001"]
    assert codes(compiled({"quarantine.yaml": entry(), COIN: "trading:\n  size_usd: 101\n"})) == []


def test_a_new_name_does_not_bring_settings_back() -> None:
    """A bot is known by its former ids too."""
    renamed = {
        "bots/taker/bot.yaml": TINY[BOT].replace("bot: {", "bot: {formerly: [keeper], "),
        "bots/taker/coins/ETH.yaml": TINY[COIN],
        "quarantine.yaml": entry(bot="keeper"),
    }
    (finding,) = compiled(renamed).findings
    assert (finding.code, finding.scopes) == ("QUAR001", ("paper/taker/ETH",))


def test_nothing_lets_withdrawn_settings_pass() -> None:
    """Neither a comment nor the baseline."""
    listed = {"quarantine.yaml": entry()}
    (finding,) = compiled(listed).findings
    said = "# deskc: ignore[QUAR001] until 2027-01-31: x"
    baseline = f'- {{code: QUAR001, fingerprint: "{finding.fingerprint}"}}\n'
    assert codes(compiled({**listed, COIN: f"{said}\n{TINY[COIN]}"})) == ["SUP005", "QUAR001"]
    assert codes(compiled({**listed, "baseline.yaml": baseline})) == ["BASE002", "QUAR001"]
    assert codes(compiled({"quarantine.yaml": f"{entry().rstrip()} {said}\n"})) == ["QUAR001"]


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ("", entry(), ["QUAR001"]),
        (entry(), entry(), ["QUAR001"]),
        (entry(), "", ["QUAR001"]),
        (entry(), None, ["QUAR001"]),
        ("", "", []),
    ],
)
def test_a_line_counts_while_either_side_has_it(base: str, head: str | None, expected: list[str]) -> None:
    """A change cannot bring back what its base withdrew, and what it withdraws itself counts at once."""
    files = {} if head is None else {"quarantine.yaml": head}
    assert codes(compiled_against({"quarantine.yaml": base}, files)) == expected
