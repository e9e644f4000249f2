"""Resolving: what wins, what a map keeps, defaults, operations, references, origins, poisoned scopes."""

import json

import pytest

from deskc.pipeline import compile_desk, prepare
from desks import BASE, Files, codes, compiled, lay, only, scope, scopes, section
from in_memory import InMemory

MM = "bots/mm/bot.yaml"
ETH = "bots/mm/coins/ETH.yaml"
PAPER = "environments/paper.yaml"
BOT = BASE[MM]
DESK = BASE["desk.yaml"]
SIDED = BOT.replace("coins:", "sides: [LONG, SHORT], coins:")

LEVELS = [
    "global.yaml",
    "environments/paper.yaml",
    "exchanges/venue.yaml",
    "strategies/quote.yaml",
    "coins/ETH.yaml",
    "coins/ETH.LONG.yaml",
    MM,
    ETH,
    "bots/mm/coins/ETH.LONG.yaml",
    "bots/mm/environments/paper.yaml",
]
"""A file at each level of the tiny hierarchy, least specific first; all of them speak to paper/mm/ETH/LONG."""


def sized(path: str, size: int) -> str:
    """Return a layer that sets a size."""
    return (SIDED if path == MM else "") + f"trading: {{size: {size}}}\n"


@pytest.mark.parametrize("count", range(1, len(LEVELS) + 1))
def test_the_most_specific_layer_that_speaks_wins(count: int) -> None:
    """Whatever the last level to speak, its value stands, and its origins are all before it in that order."""
    files: Files = {MM: SIDED, **{path: sized(path, n + 1) for n, path in enumerate(LEVELS[:count])}}
    found = scope(files, "paper/mm/ETH/LONG")
    assert found.value("trading.size") == count
    assert [spoken.file for spoken in found.origins("trading.size")] == LEVELS[:count]


@pytest.mark.parametrize("path", LEVELS)
def test_a_layer_speaks_to_the_scopes_that_its_axes_name(path: str) -> None:
    """Every scope that has a layer's names hears it, and no other does."""
    found = scopes({MM: SIDED, path: sized(path, 7)})
    heard = {name for name, one in found.items() if one.find("trading.size")}
    axes = {
        "coins/ETH.yaml": "/ETH",
        "coins/ETH.LONG.yaml": "/ETH/LONG",
        ETH: "/ETH",
        "bots/mm/coins/ETH.LONG.yaml": "/ETH/LONG",
        "environments/paper.yaml": "paper/",
        "bots/mm/environments/paper.yaml": "paper/",
    }
    assert heard == {name for name in found if axes.get(path, "") in name}


def test_a_level_by_side_alone_speaks_to_each_coin() -> None:
    """A pattern with a side and no coin reaches that side of every coin, between the levels around it."""
    desk = DESK.replace("  - coins/{coin}.yaml", "  - sides/{side}.yaml\n  - coins/{coin}.yaml")
    files: Files = {
        "desk.yaml": desk,
        MM: SIDED,
        "sides/LONG.yaml": "trading: {size: 2, label: long}\n",
        "coins/ETH.yaml": "trading: {size: 3}\n",
    }
    assert codes(files) == []
    sizes = {name: one.value("trading.size") for name, one in scopes(files).items() if one.find("trading.size")}
    longs = {"paper/mm/ETH/LONG": 3, "paper/mm/BTC/LONG": 2, "paper/mm/ETH/SHORT": 3}
    assert {name: size for name, size in sizes.items() if name.startswith("paper")} == longs
    assert scopes(files)["live/mm/ETH/LONG"].value("trading.label") == "long"


def test_a_broken_level_by_side_poisons_that_side() -> None:
    """The other side and the bot level stay."""
    desk = DESK.replace("  - coins/{coin}.yaml", "  - sides/{side}.yaml\n  - coins/{coin}.yaml")
    found = scopes({"desk.yaml": desk, MM: SIDED, "sides/LONG.yaml": "trading: {size: 0}\n"})
    assert sorted(name for name in found if name.startswith("paper")) == [
        "paper/mm",
        "paper/mm/BTC/SHORT",
        "paper/mm/ETH/SHORT",
    ]


def test_maps_merge_by_key_and_all_else_is_replaced() -> None:
    """Entries of maps come together; lists and scalars are taken whole from the last layer."""
    found = scope(
        {
            "global.yaml": "trading: {weights: {b: 2, c: 3}, venues: [x, y], limits: {p: {orders: 1, value: 2}}}\n",
            ETH: "trading: {weights: {c: 4}, venues: [z], limits: {p: {orders: 5}}}\n",
        }
    )
    assert found.value("trading.weights") == {"a": 1, "b": 2, "c": 4}
    assert found.value("trading.venues") == ["z"]
    assert found.value("trading.limits") == {"p": {"orders": 5, "value": 2}}


def test_null_is_a_value() -> None:
    """A later null wins over a number: it takes nothing away."""
    found = scope({"global.yaml": "trading: {stop: 2.5}\n", ETH: "trading: {stop: null}\n"})
    assert found.value("trading.stop") is None
    assert [spoken.leaf.value for spoken in found.origins("trading.stop")] == [None, 2.5, None]


def test_an_empty_map_takes_nothing_away() -> None:
    """`weights: {}` merges with what is inherited."""
    assert scope({ETH: "trading: {weights: {}}\n"}).value("trading.weights") == {"a": 1, "b": 0.5}


def test_a_section_exists_only_where_a_layer_speaks_of_it() -> None:
    """Defaults fill a section that is spoken of, and bring none into being."""
    assert "risk" not in scope({}).sections
    assert scope({ETH: "risk: {}\n"}).value("risk.cap") == 20
    assert "risk" not in scopes({ETH: "risk: {}\n"})["paper/mm/BTC"].sections


def test_sections_that_trade_not_stand_on_the_bot_level_alone() -> None:
    """A coin's scope holds every trading section whole, the bot's scope all sections."""
    found = scopes({"global.yaml": "trading: {}\nrisk: {}\nsystem: {}\nstrategy: {}\n"})
    assert list(found["paper/mm"].sections) == ["risk", "strategy", "system", "trading"]
    assert list(found["paper/mm/ETH"].sections) == ["risk", "strategy", "trading"]


def test_a_strategy_brings_its_own_parameters() -> None:
    """Defaults of parameters are those of the bot's strategy."""
    other = "bot: {exchange: venue, strategy: trend, environments: [paper], coins: [ETH]}\n"
    found = scopes({"global.yaml": "strategy: {}\n", "bots/tr/bot.yaml": other + "strategy: {parameters: {beta: 3}}\n"})
    assert found["paper/mm/ETH"].value("strategy.parameters") == {"alpha": 0.5}
    assert found["paper/tr/ETH"].value("strategy.parameters") == {"beta": 3}


# $unset and $replace


def test_unset_takes_an_entry_of_a_map() -> None:
    """Inherited ones and those of the default alike; naming one that is not there changes nothing."""
    found = scope({"global.yaml": "trading: {weights: {c: 3}}\n", ETH: "trading: {weights: {$unset: [a, c, zz]}}\n"})
    assert found.value("trading.weights") == {"b": 0.5}
    assert scopes({ETH: "trading: {weights: {$unset: [a]}}\n"})["paper/mm/BTC"].value("trading.weights") == {
        "a": 1,
        "b": 0.5,
    }


def test_unset_takes_an_optional_setting() -> None:
    """What has no default and is not required can be gone again, also within a map's entry."""
    text = "trading: {label: x, limits: {p: {orders: 1, value: 2}}}\n"
    found = scope({"global.yaml": text, ETH: "trading: {$unset: [label], limits: {p: {$unset: [value]}}}\n"})
    assert found.find("trading.label") is None
    assert found.value("trading.limits") == {"p": {"orders": 1}}


def test_unset_and_set_in_one_layer_is_set() -> None:
    """A layer first takes away and then sets; a later layer may set again what an earlier one unset."""
    found = scope({"global.yaml": "trading: {names: {a: x}}\n", ETH: "trading: {names: {$unset: [a], a: y}}\n"})
    assert found.value("trading.names") == {"a": "y"}
    again = scope({MM: BOT + "trading: {weights: {$unset: [a]}}\n", ETH: "trading: {weights: {a: 9}}\n"})
    assert again.value("trading.weights") == {"a": 9, "b": 0.5}


def test_replace_drops_what_is_inherited() -> None:
    """The map holds what this layer and later ones say; nothing else, also nothing at all."""
    found = scope({"global.yaml": "trading: {weights: {c: 3}}\n", ETH: "trading: {weights: {$replace: true, d: 4}}\n"})
    assert found.value("trading.weights") == {"d": 4}
    assert scope({ETH: "trading: {weights: {$replace: true}}\n"}).value("trading.weights") == {}
    assert scope({ETH: "trading: {names: {$replace: true}}\n"}).value("trading.names") == {}
    later = scope({MM: BOT + "trading: {weights: {$replace: true, d: 4}}\n", ETH: "trading: {weights: {e: 5}}\n"})
    assert later.value("trading.weights") == {"d": 4, "e": 5}


def test_what_was_taken_away_is_told_in_the_origins() -> None:
    """A drop stands among the origins of what it took, and before what came after it."""
    found = scope(
        {
            "global.yaml": "trading: {weights: {a: 2}}\n",
            MM: BOT + "trading: {weights: {$replace: true}}\n",
            ETH: "trading: {weights: {a: 3}}\n",
        }
    )
    spoken = [(one.file, one.drop is not None) for one in found.origins("trading.weights.a")]
    assert spoken == [("", False), ("global.yaml", False), (MM, True), (ETH, False)]


def test_odd_keys_of_a_free_map_are_keys() -> None:
    """Dots, quotes, percent signs and other letters are no syntax in a key."""
    keys = ["a.b", 'q"r', "100%", "%s", "ü", "", "[0]", "a b", "😀"]
    text = "trading: {names: {" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: x" for key in keys) + "}}\n"
    files: Files = {ETH: text, "bots/mm/environments/paper.yaml": 'trading: {names: {$unset: ["a.b"]}}\n'}
    assert scope(files, "live/mm/ETH").value("trading.names") == dict.fromkeys(keys, "x")
    assert scope(files, "paper/mm/ETH").value("trading.names") == dict.fromkeys(keys[1:], "x")
    lines = [json.loads(line) for snapshot in compiled(files).snapshots for line in snapshot.lines().splitlines()]
    assert any(line["params"]["trading"].get("names") == dict.fromkeys(keys, "x") for line in lines)


# Required


def test_what_is_required_may_come_from_any_layer() -> None:
    """No single layer has to set it; the group must have it in the end."""
    assert scope({"global.yaml": "trading: {nested: {must: 1}}\n", ETH: "trading: {nested: {may: 2}}\n"}).value(
        "trading.nested"
    ) == {
        "must": 1,
        "may": 2,
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("trading: {nested: {may: 2}}\n", "trading.nested.must"),
        ("trading: {nested: {}}\n", "trading.nested.must"),
        ("trading: {limits: {p: {value: 2}}}\n", "trading.limits.p.orders"),
        ("trading: {limits: {p: {}}}\n", "trading.limits.p.orders"),
    ],
)
def test_what_is_required_and_set_nowhere_is_a_finding(text: str, wanted: str) -> None:
    """The finding names the setting and points at the group; the scope is left out, the others stay."""
    finding = only({ETH: text})
    assert finding.code == "REQ001"
    assert finding.message.startswith(f"{wanted} is required")
    assert finding.places[0].path == ETH
    assert finding.scopes == ("live/mm", "paper/mm")
    assert sorted(scopes({ETH: text})) == ["live/mm", "live/mm/BTC", "paper/mm", "paper/mm/BTC"]


def test_a_broken_layer_makes_nothing_seem_missing() -> None:
    """What a layer that cannot be read would have set is not reported as missing."""
    files: Files = {
        "global.yaml": "trading: {nested: {must: 1}, leverage: &a 1}\n",
        MM: BOT + "trading: {nested: {may: 2}}\n",
    }
    assert codes(files) == ["YAML007"]


# References


def test_a_reference_takes_the_value_of_another_setting() -> None:
    """From any trading section to any other, in the scope where it stands."""
    found = scopes(
        {
            ETH: "trading: {leverage: '${ref:risk.other}'}\n",
            "global.yaml": "risk: {other: 7}\n",
            PAPER: "risk: {other: 8}\n",
        }
    )
    assert found["live/mm/ETH"].value("trading.leverage") == 7
    assert found["paper/mm/ETH"].value("trading.leverage") == 8


def test_references_follow_each_other() -> None:
    """A chain ends in a value, and each link's origins follow the one before."""
    found = scope(
        {
            "global.yaml": "trading: {size: 2}\nrisk: {other: '${ref:trading.size}'}\n",
            ETH: "trading: {size: 3, leverage: '${ref:risk.other}'}\n",
        }
    )
    assert found.value("trading.leverage") == 3
    origins = [(one.file, one.leaf.path, one.leaf.value) for one in found.origins("trading.leverage")]
    assert origins == [
        ("", "trading.leverage", 10),
        (ETH, "trading.leverage", "${ref:risk.other}"),
        ("global.yaml", "risk.other", "${ref:trading.size}"),
        ("global.yaml", "trading.size", 2),
        (ETH, "trading.size", 3),
    ]


def test_a_reference_may_name_a_default_or_null_or_an_entry() -> None:
    """Whatever stands in the scope as a scalar can be named."""
    text = "trading: {stop: '${ref:trading.weights.b}', size: '${ref:trading.leverage}', note: '${ref:trading.mode}'}\n"
    found = scope({ETH: text})
    assert (found.value("trading.stop"), found.value("trading.size"), found.value("trading.note")) == (0.5, 5, "maker")
    odd = scope({ETH: "trading: {names: {a.b: x}, note: '${ref:trading.names[\"a.b\"]}'}\n"})
    assert odd.value("trading.note") == "x"


def test_a_reference_that_is_overruled_is_not_followed() -> None:
    """Only winners are bound: what a later layer replaces may name nothing at all."""
    found = scope({"global.yaml": "trading: {leverage: '${ref:trading.gone}'}\n", MM: BOT + "trading: {leverage: 3}\n"})
    assert found.value("trading.leverage") == 3


def test_a_reference_in_a_snapshot_is_its_value() -> None:
    """The bytes hold the value, as if it had been written."""
    said = compiled({ETH: "trading: {leverage: '${ref:trading.size}', size: 4}\n"}).snapshots
    plain = compiled({ETH: "trading: {leverage: 4, size: 4}\n"}).snapshots
    assert [one.digest for one in said] == [one.digest for one in plain]


BAD_REFERENCES = {
    "itself": ("leverage: '${ref:trading.leverage}'", "REF003", "trading.leverage → trading.leverage"),
    "a circle": ("leverage: '${ref:trading.size}', size: '${ref:trading.leverage}'", "REF003", " → "),
    "nothing": ("leverage: '${ref:trading.levrage}'", "REF004", "trading.levrage is no scalar setting"),
    "what is not set": ("leverage: '${ref:trading.label}'", "REF004", "trading.label is no scalar setting"),
    "a list": ("venues: [x], note: '${ref:trading.venues}'", "REF004", "trading.venues is no scalar setting"),
    "a map": ("note: '${ref:trading.weights}'", "REF004", "trading.weights is no scalar setting"),
    "a section": ("note: '${ref:trading}'", "REF004", "trading is no scalar setting"),
    "a section of the bot level": (
        "note: '${ref:system.log_level}'",
        "REF004",
        "system.log_level is no scalar setting",
    ),
    "another type": ("leverage: '${ref:trading.mode}'", "TYPE001", "trading.leverage is the text"),
    "out of bounds": ("leverage: '${ref:trading.size}', size: 500", "BOUND001", "over 125"),
    "of a wrong kind": ("mode: '${ref:trading.note}', note: x", "ENUM001", "not one of maker, taker"),
    "bound late": ("note: '${ref:trading.key}', key: '${secret:k}'", "REF005", "bound only when a bot loads"),
}


@pytest.mark.parametrize("name", BAD_REFERENCES)
def test_a_reference_that_cannot_be_bound_is_a_finding(name: str) -> None:
    """It says why, points at the reference, and takes the scope that it stands in away, no other."""
    text, code, message = BAD_REFERENCES[name]
    files: Files = {ETH: f"trading: {{{text}}}\n"}
    finding = only(files)
    assert finding.code == code
    assert message in finding.message
    assert finding.places[0].path == ETH
    assert finding.scopes == ("live/mm/ETH", "paper/mm/ETH")
    assert sorted(scopes(files)) == ["live/mm", "live/mm/BTC", "paper/mm", "paper/mm/BTC"]


def test_a_misplaced_value_is_shown_with_its_reference() -> None:
    """Where a value does not fit, the finding has both ends."""
    finding = only({"global.yaml": "trading:\n  size: 500\n", ETH: "trading:\n  leverage: ${ref:trading.size}\n"})
    assert [(place.path, place.line, place.role) for place in finding.places] == [
        (ETH, 2, ""),
        ("global.yaml", 2, "the value comes from here"),
    ]


def test_a_long_chain_of_references_is_followed() -> None:
    """Five thousand links are no recursion, and a circle of as many is one finding."""
    links = ", ".join(f"k{n}: '${{ref:trading.names.k{n + 1}}}'" for n in range(5000))
    assert scope({ETH: f"trading: {{names: {{{links}, k5000: x}}}}\n"}).value("trading.names.k0") == "x"
    assert only({ETH: f"trading: {{names: {{{links}, k5000: '${{ref:trading.names.k0}}'}}}}\n"}).code == "REF003"


def test_literal_dollars_survive_a_reference() -> None:
    """A text with `${` in it is the same text wherever it is taken, also where the loader reads it again."""
    text = "trading: {note: 'a$${b', label: abc, key: '${ref:trading.note}'}\n"
    assert scope({ETH: text}).value("trading.key") == "a$${b"
    back = scope({ETH: "trading: {key: 'a$${b', note: '${ref:trading.key}'}\n"})
    assert back.value("trading.note") == "a${b"


# Poison


def test_a_broken_layer_takes_only_its_own_scopes_away() -> None:
    """A coin's broken layer leaves its bot's other scopes and every other bot, and all mistakes are told."""
    files: Files = {
        ETH: "trading: {leverage: 0}\n",
        "coins/BTC.yaml": "trading: {hedged: on}\n",
        "bots/two/bot.yaml": BOT.replace("[ETH, BTC]", "[ETH]"),
        "bots/three/bot.yaml": BOT.replace("[ETH, BTC]", "[SOL]"),
        "bots/three/coins/SOL.yaml": "trading: {mode: x}\n",
    }
    found = [name for name in sorted(scopes(files)) if name.startswith("paper")]
    assert found == ["paper/mm", "paper/three", "paper/two", "paper/two/ETH"]
    assert codes(files) == ["BOUND001", "ENUM001", "TYPE001"]
    assert {snapshot.bot for snapshot in compiled(files).snapshots} == {"two"}


def test_a_broken_shared_layer_takes_all_who_hear_it() -> None:
    """An environment's mistake leaves the other environment whole."""
    files: Files = {PAPER: "trading: {leverage: 0}\n"}
    assert sorted(scopes(files)) == ["live/mm", "live/mm/BTC", "live/mm/ETH"]
    assert {snapshot.environment for snapshot in compiled(files).snapshots} == {"live"}


def test_scopes_come_in_the_order_of_bytes() -> None:
    """The bot level first, then coins and sides as UTF-8 sorts them."""
    text = SIDED.replace("[ETH, BTC]", "[b, a_c, A, '@1', a-c]").replace("[LONG, SHORT]", "[SHORT, LONG]")
    rows = [(row.coin, row.side) for row in compiled({MM: text}).snapshots[0].rows]
    coins = sorted(["b", "a_c", "A", "@1", "a-c"], key=str.encode)
    assert rows == [(None, None), *((coin, side) for coin in coins for side in ("LONG", "SHORT"))]


def test_a_deep_desk_lies_in_a_folder() -> None:
    """A desk below the repository's root reads its own folder, and schemas beside it."""
    laid = {f"desks/one/{path}": data for path, data in lay({}).items() if not path.startswith("schemas/")}
    laid |= {path: data for path, data in lay({}).items() if path.startswith("schemas/")}
    laid["desks/one/desk.yaml"] = DESK.replace("schemas: schemas", "schemas: ../../schemas").encode()

    compilation = compile_desk(prepare(InMemory(laid), "desks/one/"))
    assert compilation.findings == ()
    assert [one.digest for one in compilation.snapshots] == [one.digest for one in compiled({}).snapshots]


def test_a_default_of_a_group_within_a_map_is_no_entry() -> None:
    """Defaults belong to leaves and maps; the dialect refuses them inside a map's entries."""
    entry = {"type": "object", "additionalProperties": False, "properties": {"x": {"type": "integer", "default": 1}}}
    text = section({"leverage": {"type": "integer"}, "books": {"type": "object", "additionalProperties": entry}})
    assert set(codes({"schemas/trading.schema.json": text})) == {"SCHEMA004", "KEY001"}
