"""Differences of resolved scopes: grouped, deterministic, and never about how something is written."""

import pytest

from deskc.core.errors import DeskcError
from deskc.pipeline import Everything, Prepared, Selection
from deskc.plan.changes import Change, Changes, changes, changes_between
from small_desk import Repository

ETH = "desk/bots/maker/coins/ETH.yaml"
MAKER = "desk/bots/maker/bot.yaml"


def compared(before: Prepared, after: Prepared, selection: Selection = Everything) -> Changes:
    """Compare two desks that can be read."""
    found = changes(before, after, selection)
    assert found is not None
    return found


def told(row: Change) -> tuple[object, ...]:
    """Return what changed, from what to what, where the new value stands, and in how many scopes."""
    before, after = (leaf and leaf.value for leaf in (row.before, row.after))
    return row.kind, row.path, before, after, row.place and (row.place.path, row.place.line), len(row.scopes)


def test_one_change_over_many_scopes_is_one_row(desk: Repository) -> None:
    """A shared layer's change is told once with every scope that it reaches, and with what it demands."""
    before = desk.at()
    desk.edit("desk/global.yaml", "leverage: 10", "leverage: 12")
    (row,) = compared(before, desk.on_disk()).rows
    assert told(row) == ("setting", "trading.leverage", 10, 12, ("desk/global.yaml", 3), 10)
    assert (row.facts.unit, row.facts.bump, row.facts.hot) == ("x", "minor", True)


def test_scopes_are_told_in_order(desk: Repository) -> None:
    """Scopes stand by environment, bot, coin and side, the bot level first."""
    before = desk.at()
    desk.edit("desk/templates/calm.yaml", "b: 2", "b: 3")
    (row,) = compared(before, desk.on_disk()).rows
    assert [*map(str, row.scopes)] == [
        "development/maker",
        "development/maker/ETH",
        "development/maker/SOL",
        "production/maker",
        "production/maker/ETH",
        "production/maker/SOL",
    ]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (ETH, "trading:", "# Why not.\ntrading:"),
        (ETH, "spread_bps: 0.3", "spread_bps: 0.30"),
        (MAKER, "coins: [ETH, SOL]", "coins: [SOL, ETH]"),
        ("desk/global.yaml", "  leverage: 10\n  spread_bps: 0.6\n", "  spread_bps: 0.6\n  leverage: 10\n"),
    ],
)
def test_how_it_is_written_changes_nothing(desk: Repository, path: str, old: str, new: str) -> None:
    """Comments, spelling, the order of keys and of coins are no changes."""
    before = desk.at()
    desk.edit(path, old, new)
    found = compared(before, desk.on_disk())
    assert (found.rows, found.scopes) == ((), ())


def test_moving_a_value_to_another_layer_changes_nothing(desk: Repository) -> None:
    """The same value from another file is the same configuration."""
    before = desk.at()
    desk.edit(ETH, "trading:", "trading:\n  leverage: 10")
    assert compared(before, desk.on_disk()).rows == ()


def test_what_is_set_or_taken_away_is_told(desk: Repository) -> None:
    """A setting that appears or goes has no value on the other side; the place is the old one where it went."""
    before = desk.at()
    desk.edit(ETH, "  venues:\n    - main\n    - spare\n", "  note: tight\n")
    rows = compared(before, desk.on_disk()).rows
    assert [told(row) for row in rows] == [
        ("setting", "trading.note", None, "tight", (ETH, 4), 2),
        ("setting", "trading.venues", ["main", "spare"], None, (ETH, 5), 2),
    ]


def test_a_schemas_default_is_a_change(desk: Repository) -> None:
    """A default that changes is told with its place in the schema."""
    before = desk.at()
    desk.edit("schemas/trading.schema.json", '"default": "isolated"', '"default": "cross"')
    (row,) = compared(before, desk.on_disk()).rows
    assert (row.path, row.facts.bump, row.facts.hot, len(row.scopes)) == ("trading.margin", "major", False, 12)
    assert row.place is not None
    assert row.place.path == "schemas/trading.schema.json"


def test_a_label_is_a_change_of_its_own(desk: Repository) -> None:
    """config_version is told apart from settings."""
    before = desk.at()
    desk.edit(ETH, "1.2.0", "1.3.0")
    (row,) = compared(before, desk.on_disk()).rows
    assert told(row) == ("label", "config_version", "1.2.0", "1.3.0", (ETH, 1), 2)


def test_scopes_come_and_go(desk: Repository) -> None:
    """A coin that is listed, or no longer, is a scope added or removed, without a word on its settings."""
    before = desk.at()
    desk.edit(MAKER, "coins: [ETH, SOL]", "coins: [SOL, XRP]")
    desk.write({ETH: None})
    rows = compared(before, desk.on_disk()).rows
    assert [(row.kind, [*map(str, row.scopes)]) for row in rows] == [
        ("added", ["development/maker/XRP", "production/maker/XRP"]),
        ("removed", ["development/maker/ETH", "production/maker/ETH"]),
    ]


def test_bots_come_and_go(desk: Repository) -> None:
    """A bot that leaves an environment takes its bot level along."""
    before = desk.at()
    desk.edit("desk/bots/engine/bot.yaml", "[staging, production]", "[production]")
    (row,) = compared(before, desk.on_disk()).rows
    assert (row.kind, [*map(str, row.scopes)]) == (
        "removed",
        ["staging/engine", "staging/engine/BTC/LONG", "staging/engine/BTC/SHORT"],
    )


def test_an_error_is_no_removal(desk: Repository) -> None:
    """A scope that an error keeps from resolving is not compared, and that is said."""
    before = desk.at()
    desk.edit(ETH, "0.3", "wide")
    rows = compared(before, desk.on_disk()).rows
    assert [(row.kind, [*map(str, row.scopes)]) for row in rows] == [
        ("broken", ["development/maker/ETH", "production/maker/ETH"])
    ]


def test_a_broken_declaration_removes_nothing(desk: Repository) -> None:
    """Where a bot's declaration has an error none of its scopes is called removed."""
    before = desk.at()
    desk.edit(MAKER, "coins: [ETH, SOL]", "coins: 7")
    assert {row.kind for row in compared(before, desk.on_disk()).rows} == {"broken"}


def test_a_selection_limits_what_is_compared(desk: Repository) -> None:
    """Only wanted environments and bots are told."""
    before = desk.at()
    desk.edit("desk/global.yaml", "leverage: 10", "leverage: 12")
    found = compared(before, desk.on_disk(), Selection(("production",), ("maker",)))
    assert {(scope.environment, scope.bot) for row in found.rows for scope in row.scopes} == {("production", "maker")}


def test_a_map_that_is_only_marked_is_no_change(desk: Repository) -> None:
    """A map with the same entries is the same map, whether or not a layer replaced it."""
    before = desk.at()
    desk.edit("desk/templates/calm.yaml", "{b: 2}", "{$replace: true, a: 1, b: 2}")
    assert compared(before, desk.on_disk()).rows == ()


def test_two_environments_are_compared_bot_by_bot(desk: Repository) -> None:
    """Every bot that runs in both is compared, its scopes named by the second environment."""
    found = changes_between(desk.at(), ("staging", "production"))
    assert found is not None
    assert [(row.path, [*map(str, row.scopes)]) for row in found.rows] == [
        ("system.host", ["production/engine"]),
        ("system.log_level", ["production/engine"]),
    ]


def test_environments_that_share_no_bot_are_refused(desk: Repository) -> None:
    """Two environments without a common bot have nothing to compare."""
    with pytest.raises(DeskcError, match="no bot runs in both development and staging"):
        changes_between(desk.at(), ("development", "staging"))


def test_a_desk_that_cannot_be_read_is_not_compared(desk: Repository) -> None:
    """Without a readable desk.yaml there is nothing to compare."""
    before = desk.at()
    desk.edit("desk/desk.yaml", "format: 1", "format: 2")
    assert changes(before, desk.on_disk()) is None
