"""One line a changed scope: its changes, their bump, the label that follows."""

from deskc.plan.changed_scopes import changed_scope_lines
from deskc.plan.changes import changes
from small_desk import Repository

ETH = "desk/bots/maker/coins/ETH.yaml"


def lines(desk: Repository) -> tuple[str, ...]:
    """Return the lines for what the working tree changes."""
    found = changes(desk.at(), desk.on_disk())
    assert found is not None
    return changed_scope_lines(found)


def test_a_line_names_the_label_that_follows(desk: Repository) -> None:
    """Environments that changed alike share a line, and the bump gives the next label."""
    desk.edit(ETH, "0.3", "0.4")
    assert lines(desk) == ("maker/ETH spread_bps 0.3 → 0.4 · minor → 1.3.0",)


def test_a_label_raised_already_is_printed(desk: Repository) -> None:
    """Where the tree's label is high enough the line prints it instead of a wish."""
    desk.edit(ETH, "0.3", "0.4")
    desk.edit(ETH, "1.2.0", "1.4.0")
    assert lines(desk) == ("maker/ETH spread_bps 0.3 → 0.4 · minor · labelled 1.4.0",)


def test_a_label_raised_too_little_is_not_enough(desk: Repository) -> None:
    """A patch does for no minor change."""
    desk.edit(ETH, "0.3", "0.4")
    desk.edit(ETH, "1.2.0", "1.2.1")
    assert lines(desk) == ("maker/ETH spread_bps 0.3 → 0.4 · minor → 1.3.0",)


def test_the_largest_bump_decides(desk: Repository) -> None:
    """Several settings share the line, and the largest of their bumps counts."""
    desk.edit(ETH, "spread_bps: 0.3", "spread_bps: 0.4\n  margin: cross\n  note: tight")
    assert lines(desk) == (
        'maker/ETH margin "isolated" → "cross", note not set → "tight", spread_bps 0.3 → 0.4 · major → 2.0.0',
    )


def test_a_section_that_comes_or_goes_is_one_change(desk: Repository) -> None:
    """Its settings, most of them defaults, are counted instead of listed."""
    sections = {"schemas/risk.schema.json": desk.root.joinpath("schemas/risk.schema.json").read_text(encoding="utf-8")}
    told = sections["schemas/risk.schema.json"].replace('"risk', '"ladder')
    desk.write({"schemas/ladder.schema.json": told})
    desk.commit("Know ladders")
    desk.edit(ETH, "trading:", "ladder: {max_leverage: 4}\ntrading:")
    assert lines(desk) == ("maker/ETH ladder not set → 1 setting · major → 2.0.0",)
    desk.commit("Trade a ladder")
    desk.edit(ETH, "ladder: {max_leverage: 4}\n", "")
    assert lines(desk) == ("maker/ETH ladder 1 setting → not set · major → 2.0.0",)


def test_an_environment_that_changed_alone_is_named(desk: Repository) -> None:
    """A line that does not hold in every environment of the scope says in which it does."""
    desk.write({"desk/bots/maker/environments/production.yaml": "trading: {leverage: 4}\n"})
    assert lines(desk) == (
        "production/maker leverage 10 → 4 · minor → 1.1.0",
        "production/maker/ETH leverage 10 → 4 · minor → 1.3.0",
        "production/maker/SOL leverage 10 → 4 · minor → 1.1.0",
    )


def test_a_scope_without_a_label_gets_none(desk: Repository) -> None:
    """Where the base has no label the bump stands alone; other sections keep their names."""
    desk.edit("desk/bots/engine/bot.yaml", "trading:", "risk: {max_leverage: 15}\ntrading:")
    assert lines(desk) == (
        "engine risk.max_leverage 20 → 15 · major",
        "engine/BTC/LONG risk.max_leverage 20 → 15, leverage 20 → 15 · major",
        "engine/BTC/SHORT risk.max_leverage 20 → 15 · major",
    )


def test_a_label_that_is_no_version_gets_no_successor(desk: Repository) -> None:
    """A label that is no semantic version is left to its author."""
    desk.edit(ETH, "1.2.0", "tight")
    desk.commit("A label in words")
    desk.edit(ETH, "0.3", "0.4")
    assert lines(desk) == ("maker/ETH spread_bps 0.3 → 0.4 · minor",)


def test_a_label_alone_is_a_line(desk: Repository) -> None:
    """A label that changes without its settings is told as such."""
    desk.edit(ETH, "1.2.0", "2.0.0")
    assert lines(desk) == ("maker/ETH config_version 1.2.0 → 2.0.0",)


def test_scopes_that_come_and_go_have_a_line(desk: Repository) -> None:
    """A scope added or removed is told with its label."""
    desk.edit("desk/bots/maker/bot.yaml", "coins: [ETH, SOL]", "coins: [ETH, XRP]")
    assert lines(desk) == ("maker/SOL removed · 1.0.0", "maker/XRP added · 1.0.0")


def test_what_cannot_be_compared_has_no_line(desk: Repository) -> None:
    """A scope with an error is the findings' business."""
    desk.edit(ETH, "0.3", "wide")
    assert lines(desk) == ()


def test_no_change_has_no_line(desk: Repository) -> None:
    """An unchanged desk has no lines."""
    assert lines(desk) == ()
