"""A value in a YAML text changes, and no other byte does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.edit.splice import appended, replaced
from deskc.stages.parse import parse_file
from laws import laws

LISTS: dict[str, tuple[str, str]] = {
    "brackets": ("bot: {coins: [ETH, AVAX]} # both\n", "bot: {coins: [ETH, AVAX, SOL]} # both\n"),
    "no entry yet": ("bot:\n  coins: [ ] # none\n", "bot:\n  coins: [SOL ] # none\n"),
    "brackets without spaces": ("bot:\n  coins: [ETH,AVAX]\n", "bot:\n  coins: [ETH,AVAX, SOL]\n"),
    "brackets over lines": (
        "bot:\n  coins: [\n    ETH, # a\n    AVAX, # b\n  ]\n",
        "bot:\n  coins: [\n    ETH, # a\n    AVAX, SOL, # b\n  ]\n",
    ),
    "quoted entries": ("bot:\n  coins: ['ETH', \"1e3\"]\n", "bot:\n  coins: ['ETH', \"1e3\", SOL]\n"),
    "dashes": ("bot:\n  coins:\n    - ETH\n    - AVAX\n", "bot:\n  coins:\n    - ETH\n    - AVAX\n    - SOL\n"),
    "dashes at the key": (
        "bot:\n  coins:\n  - ETH\n  sides: [LONG]\n",
        "bot:\n  coins:\n  - ETH\n  - SOL\n  sides: [LONG]\n",
    ),
    "a comment behind": (
        "bot:\n  coins:\n    - ETH # first\n# end\n",
        "bot:\n  coins:\n    - ETH # first\n    - SOL\n# end\n",
    ),
    "wide dashes": ("bot:\n  coins:\n    -   ETH\n", "bot:\n  coins:\n    -   ETH\n    - SOL\n"),
    "no last line end": ("bot:\n  coins:\n    - ETH", "bot:\n  coins:\n    - ETH\n    - SOL"),
    "carriage returns": (
        "bot:\r\n  coins:\r\n    - ETH\r\nx: 1\r\n",
        "bot:\r\n  coins:\r\n    - ETH\r\n    - SOL\r\nx: 1\r\n",
    ),
    "letters beyond ASCII": (
        "# ∆ 💶\nbot: {note: ß💶, coins: [ETH]}\n",
        "# ∆ 💶\nbot: {note: ß💶, coins: [ETH, SOL]}\n",
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_grows_in_its_own_style(case: str) -> None:
    """Brackets stay brackets and dashes dashes, with comments and line ends where they were."""
    before, after = LISTS[case]
    assert appended(before, ("bot", "coins"), "SOL") == after


COINS = st.lists(st.text("ABC019@_-", min_size=1, max_size=4), max_size=4)
SPACE = st.sampled_from(["", " ", "  "])
COMMENT = st.sampled_from(["", " # a, [b] - c", "   # ∆"])


@st.composite
def listed(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a bot.yaml in some style, and the coins that it lists."""
    coins = draw(COINS)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoted = [f'"{coin}"' for coin in coins]
    if not coins or draw(st.booleans()):
        inside = f"{draw(SPACE)},{draw(SPACE)}".join(quoted)
        lines = [f"  coins: [{draw(SPACE)}{inside}{draw(SPACE)}]{draw(COMMENT)}"]
    else:
        indent = draw(st.sampled_from(["  ", "    ", "      "]))
        lines = ["  coins:", *(f"{indent}- {coin}{draw(COMMENT)}" for coin in quoted)]
    before = draw(st.sampled_from([[], ["  exchange: venue # why"]]))
    after = draw(st.sampled_from([[], ["  account: main"], ["trading: {a: [1]}", "# end"]]))
    return end.join([f"# ß{draw(COMMENT)}", "bot:", *before, *lines, *after]) + draw(st.sampled_from(["", end])), coins


@laws(200)
@given(listed(), st.sampled_from(["SOL", '"1e3"']))
def test_a_list_reads_back_with_one_entry_more(text_and_coins: tuple[str, list[str]], item: str) -> None:
    """Whatever the style, strict reading finds the old values and the new one, and taking it out gives the old text."""
    text, coins = text_and_coins
    longer = appended(text, ("bot", "coins"), item)
    before, after = (parse_file("bot.yaml", one.encode()) for one in (text, longer))
    assert before.findings == after.findings == ()
    assert after.value.data["bot"]["coins"] == [*coins, item.strip('"')]
    after.value.data["bot"]["coins"] = coins
    assert after.value.data == before.value.data
    grown = len(longer) - len(text)
    assert any(longer[:at] + longer[at + grown :] == text for at in range(len(longer)))


def test_a_value_gives_its_place_to_another() -> None:
    """Texts and lists in brackets are replaced whole; the comment behind stays."""
    text = "bot:\n  exchange: venue # where\n  coins: [ETH,\n    AVAX] # what\n"
    text = replaced(text, ("bot", "exchange"), "other")
    assert replaced(text, ("bot", "coins"), "[SOL]") == "bot:\n  exchange: other # where\n  coins: [SOL] # what\n"
