"""Lines traced forward: which settings, in which scopes, against which other lines."""

import pytest

from deskc.core.errors import DeskcError
from deskc.pipeline import Prepared, scopes_of
from deskc.plan.affects import Decision, Effects, affects
from small_desk import FILES, Repository

CALM = "desk/templates/calm.yaml"
ETH = "desk/bots/maker/coins/ETH.yaml"
MAKER = "desk/bots/maker/bot.yaml"
ENGINE = "desk/bots/engine/bot.yaml"
TRADING = "schemas/trading.schema.json"


def effects(prepared: Prepared, path: str, line: int) -> Effects:
    """Trace a line of a desk that can be read."""
    told = affects(prepared, path, line)
    assert told is not None
    return told


def one(told: Effects) -> Decision:
    """Return the only decision of a line."""
    (decision,) = told.decisions
    return decision


def overridden(decision: Decision) -> list[tuple[str, int, str, list[str]]]:
    """Return what overrides a decision, and where."""
    return [(other.by.path, other.by.line, other.action, [*map(str, other.scopes)]) for other in decision.overridden]


def line_of(desk: Repository, path: str, text: str) -> int:
    """Return the number of the first line that holds a text."""
    lines = (desk.root / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def lines(desk: Repository) -> list[tuple[str, int]]:
    """Return every line on which a value may begin: of layers, templates and schemas."""
    files = [path for path in FILES if path.endswith((".yaml", ".json")) and not path.endswith("desk.yaml")]
    counts = [len((desk.root / path).read_text(encoding="utf-8").splitlines()) for path in files]
    return [(path, line) for path, count in zip(files, counts, strict=True) for line in range(1, count + 1)]


def test_a_line_wins_where_nothing_later_speaks(desk: Repository) -> None:
    """A setting lists the scopes in which its line wins, and by place those in which another does."""
    decision = one(effects(desk.at(), "desk/global.yaml", 4))
    assert (decision.path, decision.value, decision.action) == ("trading.spread_bps", 0.6, "set")
    assert [*map(str, decision.wins)] == [
        "production/engine",
        "production/engine/BTC/LONG",
        "production/engine/BTC/SHORT",
        "staging/engine",
        "staging/engine/BTC/LONG",
        "staging/engine/BTC/SHORT",
    ]
    assert overridden(decision) == [
        (ETH, 3, "set", ["development/maker/ETH", "production/maker/ETH"]),
        (CALM, 2, "set", ["development/maker", "development/maker/SOL", "production/maker", "production/maker/SOL"]),
    ]


def test_a_template_decides_for_what_extends_it(desk: Repository) -> None:
    """A template's line wins in the scopes of the layers that extend it."""
    decision = one(effects(desk.at(), CALM, 2))
    assert {scope.bot for scope in decision.wins} == {"maker"}
    assert overridden(decision) == [(ETH, 3, "set", ["development/maker/ETH", "production/maker/ETH"])]


def test_a_sections_line_stands_for_its_settings(desk: Repository) -> None:
    """The key of a section or a map decides all that it holds."""
    told = effects(desk.at(), "desk/global.yaml", 2)
    assert [decision.path for decision in told.decisions] == ["trading.leverage", "trading.spread_bps"]


def test_a_flow_map_decides_each_of_its_settings(desk: Repository) -> None:
    """Settings that share a line are all told."""
    desk.edit("desk/global.yaml", "trading:\n  leverage: 10\n  spread_bps: 0.6\n", "trading: {leverage: 9, note: x}\n")
    told = effects(desk.on_disk(), "desk/global.yaml", 2)
    assert [decision.path for decision in told.decisions] == ["trading.leverage", "trading.note"]


def test_every_winner_says_that_it_wins(desk: Repository) -> None:
    """For each setting of each scope, the line where its value stands decides it there, and no other line claims to."""
    prepared = desk.at()
    assert prepared.layers is not None
    claims: dict[tuple[object, str], int] = {}
    for path, line in lines(desk):
        for decision in effects(prepared, path, line).decisions:
            if decision.place.line == line and decision.place.path == path and decision.action == "set":
                for scope in decision.wins:
                    claims[scope, decision.path] = claims.get((scope, decision.path), 0) + 1
    for target in prepared.layers.targets:
        for resolved in scopes_of(prepared, target).value:
            held = [path for section in resolved.sections.values() for path in section.shape.order]
            labelled = ["config_version"] if resolved.config_version else []
            assert {path for claimed, path in claims if claimed == resolved.id} == {*held, *labelled}
    assert set(claims.values()) == {1}


def test_an_item_of_a_list_stands_for_the_list(desk: Repository) -> None:
    """Lists are set whole, so each line of one decides the whole list."""
    decision = one(effects(desk.at(), ETH, 6))
    assert (decision.path, decision.value) == ("trading.venues", ["main", "spare"])


def test_a_drop_decides_what_it_takes_away(desk: Repository) -> None:
    """`$replace` decides that what was inherited is gone, in the scopes that it reaches."""
    told = effects(desk.at(), ENGINE, line_of(desk, ENGINE, "$replace"))
    assert [(decision.path, decision.action, len(decision.wins)) for decision in told.decisions] == [
        ("trading.weights.a", "replace", 6),
        ("trading.weights.c", "set", 6),
    ]


def test_what_is_set_again_overrides_a_drop(desk: Repository) -> None:
    """A later layer that sets what was dropped overrides the drop there."""
    desk.write({"desk/bots/engine/coins/BTC.yaml": "trading:\n  weights: {a: 9}\n"})
    told = effects(desk.on_disk(), ENGINE, line_of(desk, ENGINE, "$replace"))
    (decision,) = (decision for decision in told.decisions if decision.path == "trading.weights.a")
    assert [by[:3] for by in overridden(decision)] == [("desk/bots/engine/coins/BTC.yaml", 2, "set")]
    assert [*map(str, decision.wins)] == ["production/engine", "staging/engine"]


def test_a_line_that_is_dropped_later_is_overridden(desk: Repository) -> None:
    """A default that a layer drops is overridden by the drop."""
    decision = one(effects(desk.at(), TRADING, line_of(desk, TRADING, '"a": 1')))
    assert decision.default
    assert {scope.bot for scope in decision.wins} == {"maker"}
    assert [by[:3] for by in overridden(decision)] == [(ENGINE, line_of(desk, ENGINE, "$replace"), "replace")]


def test_a_reference_passes_a_line_on(desk: Repository) -> None:
    """A setting that takes the value by `${ref:…}` is told with its own place and scopes."""
    decision = one(effects(desk.at(), "desk/global.yaml", 6))
    assert [(to.path, to.place.path, [*map(str, to.scopes)]) for to in decision.through] == [
        ("trading.leverage", "desk/coins/BTC.LONG.yaml", ["production/engine/BTC/LONG", "staging/engine/BTC/LONG"])
    ]


def test_a_default_wins_where_no_layer_speaks(desk: Repository) -> None:
    """A schema's default line decides in every scope that no layer tells otherwise."""
    decision = one(effects(desk.at(), TRADING, line_of(desk, TRADING, '"default": "isolated"')))
    assert (decision.path, decision.value, decision.default, len(decision.wins)) == (
        "trading.margin",
        "isolated",
        True,
        12,
    )


def test_a_maps_default_stands_for_its_entries(desk: Repository) -> None:
    """The line where a map's default begins decides each of its entries."""
    line = line_of(desk, TRADING, '"a": 1') - 1
    told = effects(desk.at(), TRADING, line)
    assert ([decision.path for decision in told.decisions], told.statements) == (["trading.weights.a"], ())


def test_a_label_reaches_what_has_no_nearer_one(desk: Repository) -> None:
    """config_version of a bot holds for its coins, but for those with a label of their own."""
    decision = one(effects(desk.at(), MAKER, 2))
    assert [*map(str, decision.wins)] == [
        "development/maker",
        "development/maker/SOL",
        "production/maker",
        "production/maker/SOL",
    ]
    assert overridden(decision) == [(ETH, 1, "set", ["development/maker/ETH", "production/maker/ETH"])]


def test_extends_decides_what_its_template_sets(desk: Repository) -> None:
    """An extends line is told with every setting that it brings."""
    told = effects(desk.at(), MAKER, 3)
    assert [(statement.text, statement.templates) for statement in told.statements] == [
        ("puts templates/calm.yaml beneath this file", (CALM,))
    ]
    assert [decision.path for decision in told.decisions] == ["trading.spread_bps", "trading.weights.b"]


def test_a_declaration_says_what_it_decides(desk: Repository) -> None:
    """Lines of a bot's declaration name the environments, coins and sides that they make."""
    told = effects(desk.at(), MAKER, 1)
    assert [(statement.text, len(statement.scopes)) for statement in told.statements] == [
        ("makes venue the venue of maker, which picks its layers by exchange", 6),
        ("lets maker run in development, production", 6),
        ("lets maker trade ETH, SOL", 4),
    ]
    (sides,) = effects(desk.at(), ENGINE, 5).statements
    assert sides.text == "splits every coin of engine into LONG, SHORT"


def test_a_coin_of_one_environment_is_told_there(desk: Repository) -> None:
    """A coin listed for one environment alone decides that environment's scope alone."""
    desk.edit(MAKER, "coins: [ETH, SOL]", "coins: {development: [ETH, SOL], production: [SOL]}")
    told = effects(desk.on_disk(), MAKER, 1)
    (coins,) = (statement for statement in told.statements if "trade" in statement.text)
    assert [*map(str, coins.scopes)] == ["development/maker/ETH", "development/maker/SOL", "production/maker/SOL"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staging:", "declares the environment staging, which takes changes by proposal"),
        ("- coins/{coin}.yaml", "puts coins/{coin}.yaml into the hierarchy, where 0 layers stand"),
        ("- global.yaml", "puts global.yaml into the hierarchy, where 1 layer stands"),
        ("markets:", "says markets: markets for the whole desk"),
    ],
)
def test_the_desks_own_file_declares(desk: Repository, text: str, said: str) -> None:
    """A line of desk.yaml says what it declares."""
    (statement,) = effects(desk.at(), "desk/desk.yaml", line_of(desk, "desk/desk.yaml", text)).statements
    assert statement.text == said


def test_approvals_name_owners(desk: Repository) -> None:
    """A line of approvals says who owns what."""
    told = effects(desk.at(), "desk/desk.yaml", line_of(desk, "desk/desk.yaml", "approvals"))
    assert "makes risk-owners the owners of risk" in [statement.text for statement in told.statements]


@pytest.mark.parametrize(("path", "line", "nearest"), [("desk/global.yaml", 1, 2), (TRADING, 1, 10)])
def test_an_empty_line_names_its_nearest_neighbour(desk: Repository, path: str, line: int, nearest: int) -> None:
    """A line that decides nothing is told with the closest one that does."""
    told = effects(desk.at(), path, line)
    assert (told.decisions, told.statements) == ((), ())
    assert told.nearest == (nearest if path != TRADING else line_of(desk, TRADING, '"default": 5'))


def test_a_bot_that_cannot_be_read_fails_nothing(desk: Repository) -> None:
    """A line of a shared file is traced through the bots that can be read."""
    desk.edit(MAKER, "coins: [ETH, SOL]", "coins: 7")
    decision = one(effects(desk.on_disk(), "desk/global.yaml", 3))
    assert {scope.bot for scope in decision.wins} == {"engine"}


@pytest.mark.parametrize(
    ("path", "line", "message"),
    [
        ("desk/gobal.yaml", 1, "the desk reads no file desk/gobal.yaml"),
        ("desk/global.yaml", 99, "desk/global.yaml has 6 lines, so there is no line 99"),
        ("desk/global.yaml", 0, "desk/global.yaml has 6 lines, so there is no line 0"),
    ],
)
def test_a_line_that_is_not_there_is_refused(desk: Repository, path: str, line: int, message: str) -> None:
    """A wrong file or line is wrong use, answered in one sentence."""
    with pytest.raises(DeskcError, match=message):
        affects(desk.at(), path, line)
