"""Judging layers: closed sections, axes, templates, operations, references, bots, labels, unread files."""

import pytest

from deskc.core.findings import Place
from deskc.pipeline import compile_desk, prepare
from desks import BASE, Files, codes, compiled, lay, only, scope, scopes, section
from in_memory import InMemory

MM = "bots/mm/bot.yaml"
ETH = "bots/mm/coins/ETH.yaml"
T = "templates/t.yaml"
BOT = BASE[MM]
DESK = BASE["desk.yaml"]

WRONG: dict[str, tuple[Files, str, str, str]] = {
    "unknown section": ({ETH: "tradign: {leverage: 1}\n"}, "KEY001", "1:1", "did you mean trading?"),
    "section without a schema": ({ETH: "ladder: {x: 1}\n"}, "KEY001", "1:1", "add ladder.schema.json"),
    "unknown key": ({ETH: "trading:\n  levrage: 1\n"}, "KEY002", "2:3", "did you mean leverage?"),
    "unknown key below": ({ETH: "trading:\n  nested: {mist: 1}\n"}, "KEY002", "2:12", "did you mean must?"),
    "unknown key of an entry": (
        {ETH: "trading:\n  limits: {x: {ordres: 1}}\n"},
        "KEY002",
        "2:16",
        "did you mean orders?",
    ),
    "unknown parameter": ({ETH: "strategy:\n  parameters: {alhpa: 1}\n"}, "KEY002", "2:16", "did you mean alpha?"),
    "another strategy's parameter": ({ETH: "strategy: {parameters: {beta: 1}}\n"}, "KEY002", "1:25", ""),
    "wrong type": ({ETH: "trading: {leverage: fast}\n"}, "TYPE001", "1:21", "write a whole number"),
    "a fraction": ({ETH: "trading: {leverage: 1.5}\n"}, "TYPE001", "1:21", "write a whole number"),
    "true is no integer": ({ETH: "trading: {leverage: true}\n"}, "TYPE001", "1:21", "write a whole number"),
    "on is no boolean": ({ETH: "trading: {hedged: on}\n"}, "TYPE001", "1:19", "write true"),
    "no is no boolean": ({ETH: "trading: {hedged: No}\n"}, "TYPE001", "1:19", "write false"),
    "a number for a text": ({ETH: "trading: {note: 5}\n"}, "TYPE001", "1:17", 'quote it: "5"'),
    "nothing for a text": ({ETH: "trading: {note: }\n"}, "TYPE001", "1:17", "write text"),
    "a text for a list": ({ETH: "trading: {venues: x}\n"}, "TYPE001", "1:19", "write a list"),
    "a number in a list": ({ETH: "trading: {venues: [x, 5]}\n"}, "TYPE001", "1:23", 'quote it: "5"'),
    "a list for a map": ({ETH: "trading: {weights: [1]}\n"}, "TYPE001", "1:20", "write a map"),
    "a list for a section": ({ETH: "trading: [1]\n"}, "TYPE001", "1:10", "write a map"),
    "nothing for a section": ({ETH: "trading:\n"}, "TYPE001", "1:9", "write a map"),
    "below its minimum": ({ETH: "trading: {leverage: 0}\n"}, "BOUND001", "1:21", "write 1 or more"),
    "over its maximum": ({ETH: "trading: {leverage: 126}\n"}, "BOUND001", "1:21", "write 125 or less"),
    "none of the listed": ({ETH: "trading: {mode: makr}\n"}, "ENUM001", "1:17", "did you mean maker?"),
    "another form": ({ETH: "trading: {label: A1}\n"}, "FORM001", "1:18", ""),
    "unset with a default": ({ETH: "trading: {$unset: [leverage]}\n"}, "MERGE001", "1:19", "default is 10"),
    "unset of what is required": (
        {ETH: "trading: {nested: {$unset: [must]}}\n"},
        "MERGE001",
        "1:28",
        "write the value",
    ),
    "unset of a map": ({ETH: "trading: {$unset: [weights]}\n"}, "MERGE001", "1:19", "$replace: true inside weights"),
    "unset of a group": ({ETH: "trading: {$unset: [nested]}\n"}, "MERGE001", "1:19", ""),
    "unset of nothing known": ({ETH: "trading: {$unset: [lable]}\n"}, "KEY002", "1:19", "did you mean label?"),
    "unset of no text": ({ETH: "trading: {$unset: [1]}\n"}, "MERGE003", "1:19", "$unset: [key]"),
    "unset without a list": ({ETH: "trading: {$unset: label}\n"}, "MERGE003", "1:19", "$unset: [key]"),
    "replace of a section": ({ETH: "trading: {$replace: true}\n"}, "MERGE002", "1:21", ""),
    "replace of a group": ({ETH: "trading: {nested: {$replace: true, must: 1}}\n"}, "MERGE002", "1:30", ""),
    "replace with false": ({ETH: "trading: {weights: {$replace: false}}\n"}, "MERGE003", "1:31", "$replace: true"),
    "no operation": ({ETH: "trading: {weights: {$drop: [a]}}\n"}, "MERGE003", "1:28", "$unset: [key]"),
    "operation at the top": ({ETH: "$unset: [trading]\n"}, "KEY001", "1:1", ""),
    "reference as a part": ({ETH: "trading: {note: 'a${ref:trading.mode}'}\n"}, "REF001", "1:17", "$${"),
    "malformed reference": ({ETH: "trading: {note: '${ref:a..b}'}\n"}, "REF001", "1:17", ""),
    "unknown kind of reference": ({ETH: "trading: {note: '${file:x}'}\n"}, "REF001", "1:17", ""),
    "reference in a list": ({ETH: "trading: {venues: ['${ref:trading.mode}']}\n"}, "REF001", "1:20", ""),
    "late where it may not be": ({ETH: "trading: {note: '${env:NOTE}'}\n"}, "REF002", "1:17", "write the value"),
    "late number where it may not be": ({ETH: "trading: {leverage: '${LEVERAGE}'}\n"}, "REF002", "1:21", ""),
    "late default of another type": (
        {"global.yaml": "system: {port: '${env:PORT:-abc}'}\n"},
        "TYPE001",
        "1:16",
        "${env:PORT}",
    ),
    "late default that is empty": ({"global.yaml": "system: {port: '${env:PORT:-}'}\n"}, "TYPE001", "1:16", ""),
    "late default out of bounds": (
        {"global.yaml": "system: {port: '${env:PORT:-0}'}\n"},
        "BOUND001",
        "1:16",
        "1 or more",
    ),
    "late default that is no boolean": ({"global.yaml": "system: {fast: '${env:F:-on}'}\n"}, "TYPE001", "1:16", ""),
    "label as a number": ({MM: BOT + "config_version: 1.3\n"}, "VER001", "2:17", "1.3"),
    "label as a reference": ({MM: BOT + "config_version: '${V}'\n"}, "VER001", "2:17", ""),
    "label as a map": ({MM: BOT + "config_version: {a: 1}\n"}, "VER001", "2:21", ""),
    "label in global.yaml": ({"global.yaml": "config_version: 1.0.0\n"}, "VER002", "1:17", ""),
    "label in an environment": ({"environments/live.yaml": "config_version: 1.0.0\n"}, "VER002", "1:17", ""),
    "label in a bot's environment": (
        {"bots/mm/environments/live.yaml": "config_version: 1.0.0\n"},
        "VER002",
        "1:17",
        "",
    ),
    "bot section elsewhere": ({ETH: "bot: {coins: [ETH]}\n"}, "BOT005", "1:1", "bot.yaml"),
    "no bot section": ({MM: "config_version: 1.0.0\n"}, "BOT002", "1:1", "write bot:"),
    "bot section without content": ({MM: "bot:\n"}, "BOT002", "1:1", "write bot:"),
    "bot without environments": (
        {MM: "bot: {exchange: v, coins: [ETH]}\n"},
        "REQ001",
        "1:1",
        "write environments: here",
    ),
    "bot without an exchange": (
        {MM: "bot: {environments: [paper], coins: [ETH]}\n"},
        "REQ001",
        "1:1",
        "write exchange: here",
    ),
    "unknown word of a bot": ({MM: BOT.replace("strategy", "stratgy")}, "KEY002", "1:24", "did you mean strategy?"),
    "unknown environment": ({MM: BOT.replace("live]", "lvie]")}, "BOT003", "1:63", "did you mean live?"),
    "unknown strategy": ({MM: BOT.replace("quote", "qoute")}, "BOT003", "1:34", "did you mean quote?"),
    "coins for another environment": (
        {MM: BOT.replace("[ETH, BTC]", "{papper: [ETH]}")},
        "BOT003",
        "1:78",
        "did you mean paper?",
    ),
    "coin in two cases": ({MM: BOT.replace("BTC", "eth")}, "BOT004", "1:83", "one spelling"),
    "a side that is none": ({MM: BOT.replace("coins:", "sides: [UP], coins:")}, "ENUM001", "1:78", "LONG"),
    "service bot with trading": (
        {"bots/svc/bot.yaml": "bot: {environments: [paper], coins: []}\ntrading: {leverage: 1}\n"},
        "BOT006",
        "2:1",
        "delete trading:",
    ),
    "folder without bot.yaml": (
        {"bots/mmm/coins/ETH.yaml": "trading: {leverage: 2}\n"},
        "BOT001",
        "1:1",
        "did you mean mm?",
    ),
    "missing template": (
        {ETH: "extends: [templates/x.yaml]\n", T: "{}\n", MM: f"extends: [{T}]\n{BOT}"},
        "EXT002",
        "1:11",
        "t.yaml?",
    ),
    "template outside": ({ETH: "extends: [../x.yaml]\n"}, "PATH001", "1:11", "inside the desk"),
    "absolute template": ({ETH: "extends: [/etc/x.yaml]\n"}, "PATH001", "1:11", "inside the desk"),
    "template by another road": ({ETH: "extends: ['a/../../x.yaml']\n"}, "PATH001", "1:11", "inside the desk"),
    "template with backslashes": ({ETH: "extends: ['..\\x.yaml']\n"}, "PATH001", "1:11", "inside the desk"),
    "a layer as a template": ({ETH: "extends: [global.yaml]\n"}, "EXT005", "1:11", "templates/"),
    "desk.yaml as a template": ({ETH: "extends: [desk.yaml]\n"}, "EXT005", "1:11", "templates/"),
    "itself as a template": ({ETH: f"extends: [{ETH}]\n"}, "EXT005", "1:11", "templates/"),
    "extends a text": ({ETH: f"extends: {T}\n"}, "EXT004", "1:10", "extends: [templates/"),
    "extends a map": ({ETH: "extends: {a: b}\n"}, "EXT004", "1:14", "extends: [templates/"),
    "extends a number": ({ETH: "extends: [1]\n"}, "EXT004", "1:11", "extends: [templates/"),
    "extends a list in a list": ({ETH: "extends: [[a.yaml]]\n"}, "EXT004", "1:12", "extends: [templates/"),
    "a template with a label": ({ETH: f"extends: [{T}]\n", T: "config_version: 1.0.0\n"}, "EXT003", "1:1", "move"),
    "a template with a bot": ({ETH: f"extends: [{T}]\n", T: "bot: {coins: []}\n"}, "EXT003", "1:1", "move"),
    "unread coin": ({"coins/ETHH.yaml": "{}\n"}, "READ001", "1:1", "did you mean coins/ETH.yaml?"),
    "unread folder": ({"coin/ETH.yaml": "{}\n"}, "READ001", "1:1", "did you mean coins/ETH.yaml?"),
    "unread spelling": ({"coins/eth.yaml": "{}\n"}, "READ001", "1:1", "did you mean coins/ETH.yaml?"),
    "unread ending": ({"coins/ETH.yml": "{}\n"}, "READ001", "1:1", "rename it to coins/ETH.yaml"),
    "unread ending in capitals": ({"coins/ETH.YAML": "{}\n"}, "READ001", "1:1", "coins/ETH.yaml?"),
    "unread side": ({"coins/ETH.LONG.yaml": "{}\n"}, "READ001", "1:1", ""),
    "unread template": ({T: "{}\n"}, "READ001", "1:1", ""),
    "unread environment": ({"environments/test.yaml": "{}\n"}, "READ001", "1:1", ""),
    "unread bot's coin": ({"bots/mm/coins/ETHH.yaml": "{}\n"}, "READ001", "1:1", "bots/mm/coins/ETH.yaml?"),
    "two patterns for one file": (
        {"desk.yaml": DESK.replace("schemas:", "  - bots/{bot}/{coin}.yaml\nschemas:", 1)},
        "DESK002",
        "12:5",
        "differ",
    ),
    "no pattern for bots": (
        {"desk.yaml": DESK.replace("bots/{bot}/bot.yaml", "bots/{bot}/base.yaml")},
        "DESK004",
        "5:1",
        "bots/{bot}/bot.yaml",
    ),
    "two patterns for bots": (
        {"desk.yaml": DESK.replace("schemas:", "  - more/{bot}/bot.yaml\nschemas:", 1)},
        "DESK004",
        "12:5",
        "one pattern",
    ),
    "names that run together": (
        {"desk.yaml": DESK.replace("schemas:", "  - sides/{coin}{side}.yaml\nschemas:", 1)},
        "DESK005",
        "16:5",
        "dot or a slash",
    ),
    "an approval of nothing": ({"desk.yaml": DESK + "approvals: {trading.levrage: [x]}\n"}, "DESK003", "19:13", ""),
    "an approval that is no path": ({"desk.yaml": DESK + "approvals: {'trading..x': [x]}\n"}, "DESK003", "19:13", ""),
    "an unknown word of the desk": (
        {"desk.yaml": DESK + "signature: required\n"},
        "KEY002",
        "19:1",
        "did you mean signatures?",
    ),
    "another format": ({"desk.yaml": DESK.replace("format: 1", "format: 2")}, "ENUM001", "1:9", "1"),
    "a pattern outside": ({"desk.yaml": DESK.replace("- global.yaml", "- ../global.yaml")}, "FORM001", "6:5", ""),
    "markets outside": ({"desk.yaml": DESK.replace("markets: markets", "markets: ../markets")}, "FORM001", "18:10", ""),
    "schemas outside": ({"desk.yaml": DESK.replace("schemas: schemas", "schemas: ../schemas")}, "PATH001", "16:10", ""),
    "rules outside": (
        {"desk.yaml": DESK.replace("validators: validators", "validators: a/../../b")},
        "PATH001",
        "17:13",
        "",
    ),
    "no schemas named": ({"desk.yaml": DESK.replace("schemas: schemas\n", "")}, "DESK001", "1:1", "schemas: schemas"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_finding_where_it_stands(name: str) -> None:
    """One mistake gives one finding with its code, line and column, and a way out; nothing of it is frozen."""
    files, code, spot, way_out = WRONG[name]
    finding = only(files)
    assert (finding.code, f"{finding.places[0].line}:{finding.places[0].column}") == (code, spot)
    assert finding.severity == "error"
    assert way_out in finding.help
    assert finding.help
    frozen = {f"{snapshot.environment}/{snapshot.bot}" for snapshot in compiled(files).snapshots}
    assert frozen.isdisjoint(finding.scopes)
    assert finding.scopes or not frozen


def test_the_base_has_nothing_wrong() -> None:
    """What the mistakes are laid over compiles clean."""
    assert codes({}) == []


def test_a_limit_is_shown_where_the_schema_sets_it() -> None:
    """A value out of bounds has two ends: the value and the bound."""
    finding = only({ETH: "trading: {leverage: 126}\n"})
    limit = finding.places[1]
    line = lay({})["schemas/trading.schema.json"].decode().splitlines()[limit.line - 1]
    assert (limit.path, limit.role) == ("schemas/trading.schema.json", "limit set here")
    assert line[limit.column - 1 :].startswith("125")
    assert line.lstrip().startswith('"maximum"')


# Axes

AXES: dict[str, Files] = {
    "set": {ETH: "risk: {cap: 50}\n"},
    "set by the bot": {MM: BOT + "risk: {cap: 50}\n"},
    "set by a coin of all bots": {"coins/ETH.yaml": "risk: {cap: 50}\n"},
    "set in a map": {ETH: "risk: {caps: {a: 1}}\n"},
    "an empty map": {ETH: "risk: {caps: {}}\n"},
    "unset": {ETH: "risk: {$unset: [floor]}\n"},
    "unset in a map": {ETH: "risk: {caps: {$unset: [a]}}\n"},
    "replaced": {ETH: "risk: {caps: {$replace: true}}\n"},
    "unset of what holds it": {ETH: "risk: {books: {$unset: [x]}}\n"},
    "replaced with what holds it": {ETH: "risk: {books: {$replace: true}}\n"},
    "by a template": {ETH: f"extends: [{T}]\n", T: "risk: {cap: 50}\n"},
    "by a template's template": {
        ETH: f"extends: [{T}]\n",
        T: "extends: [templates/u.yaml]\n",
        "templates/u.yaml": "risk: {cap: 50}\n",
    },
    "unset by a template": {ETH: f"extends: [{T}]\n", T: "risk: {$unset: [floor]}\n"},
    "by reference": {"environments/paper.yaml": "risk: {cap: '${ref:risk.other}'}\n", ETH: "risk: {other: 90}\n"},
    "by reference to another section": {"environments/paper.yaml": "risk: {cap: '${ref:trading.leverage}'}\n"},
}


@pytest.mark.parametrize("name", AXES)
def test_authority_cannot_be_got_around(name: str) -> None:
    """What only environments may set, no bot, coin or template may set, take away, replace or reach by reference."""
    findings = compiled(AXES[name]).findings
    assert {finding.code for finding in findings} == {"AXES001"}
    for finding in findings:
        limit = finding.places[1]
        text = lay({})[limit.path].decode().splitlines()[limit.line - 1]
        assert '"axes"' in text
        assert limit.role == "what it may vary by is set here"


def test_axes_name_where_the_setting_may_be_set() -> None:
    """The finding says by what it varies, by what it may, and which levels may set it."""
    finding = only({ETH: "risk:\n  cap: 50\n"})
    assert finding.message == "risk.cap may vary by environment only, but this layer varies by bot and coin"
    assert finding.help == "set it in global.yaml or environments/{environment}.yaml"
    assert finding.places[0] == Place(ETH, 2, 8, 2, 10, "set here")


@pytest.mark.parametrize("path", ["global.yaml", "environments/paper.yaml"])
def test_a_layer_may_set_what_its_axes_are_within(path: str) -> None:
    """Nothing and environment are both within environment."""
    text = "risk: {cap: 50, floor: 2, caps: {a: 1}, books: {x: {depth: 1}}}\n"
    assert scope({path: text}, "paper/mm/ETH").value("risk.cap") == 50


def test_a_template_is_judged_by_each_layer_that_names_it() -> None:
    """Beneath an environment it may set a limit; beneath a coin it may not, and only that coin's bot is touched."""
    other = "bots/other/bot.yaml"
    files: Files = {
        T: "risk: {cap: 50}\n",
        "environments/paper.yaml": f"extends: [{T}]\n",
        other: BOT,
        "bots/other/coins/ETH.yaml": f"extends: [{T}]\n",
    }
    compilation = compiled(files)
    (finding,) = compilation.findings
    assert [(place.path, place.role) for place in finding.places] == [
        (T, "set here"),
        ("schemas/risk.schema.json", "what it may vary by is set here"),
        ("bots/other/coins/ETH.yaml", "extended here"),
    ]
    assert finding.scopes == ("live/other", "paper/other")
    assert {snapshot.bot for snapshot in compilation.snapshots} == {"mm"}


# Templates


def order(files: Files) -> object:
    """Return the label that the last template to speak has set."""
    return scope(files).value("trading.label")


def test_templates_lie_beneath_the_layer_depth_first_and_later_ones_win() -> None:
    """A extends b; a layer that extends [a, c] hears b, a, c and then itself."""
    t = {name: f"templates/{name}.yaml" for name in "abc"}
    said = {name: f"trading: {{label: {name}, names: {{{name}: x}}}}\n" for name in "abc"}
    files = {t["a"]: f"extends: [{t['b']}]\n{said['a']}", t["b"]: said["b"], t["c"]: said["c"]}
    assert order({**files, ETH: f"extends: [{t['a']}, {t['c']}]\n"}) == "c"
    assert order({**files, ETH: f"extends: [{t['c']}, {t['a']}]\n"}) == "a"
    assert order({**files, ETH: f"extends: [{t['a']}, {t['c']}]\ntrading: {{label: own}}\n"}) == "own"
    heard = scope({**files, ETH: f"extends: [{t['a']}, {t['c']}]\n"})
    assert [spoken.file for spoken in heard.origins("trading.label")] == [t["b"], t["a"], t["c"]]
    assert heard.value("trading.names") == {"a": "x", "b": "x", "c": "x"}


def test_a_template_named_twice_counts_where_it_stands_last() -> None:
    """In a diamond the shared template speaks again with its second branch."""
    t = {name: f"templates/{name}.yaml" for name in "abd"}
    files = {
        t["a"]: f"extends: [{t['d']}]\n",
        t["b"]: f"extends: [{t['d']}]\ntrading: {{size: 2}}\n",
        t["d"]: "trading: {label: d}\n",
    }
    alone = {**files, t["a"]: f"extends: [{t['d']}]\ntrading: {{label: a}}\n"}
    assert order({**alone, ETH: f"extends: [{t['a']}, {t['b']}]\n"}) == "d"
    assert order({**alone, ETH: f"extends: [{t['b']}, {t['a']}]\n"}) == "a"


def test_a_ladder_preset_need_not_be_extended() -> None:
    """It is chosen by name, so it is judged by itself; any other template that nothing extends is reported."""
    preset = "templates/ladder_calm.yaml"
    assert codes({preset: "trading: {leverage: 1}\n"}) == []
    assert codes({T: "trading: {leverage: 1}\n"}) == ["READ001"]
    finding = only({preset: "trading: {leverage: 0}\n"})
    assert (finding.code, finding.places[0]) == ("BOUND001", Place(preset, 1, 21, 1, 22, finding.places[0].role))
    assert only({preset: "extends: [templates/none.yaml]\n"}).code == "EXT002"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_templates_in_a_circle_are_a_finding(length: int) -> None:
    """The loop is written out, whichever layer leads into it."""
    names = [f"templates/{n}.yaml" for n in range(length)]
    files = {name: f"extends: [{names[(n + 1) % length]}]\n" for n, name in enumerate(names)}
    finding = only({**files, ETH: f"extends: [{names[0]}]\n", "bots/mm/coins/BTC.yaml": f"extends: [{names[0]}]\n"})
    assert finding.code == "EXT001"
    assert finding.message.endswith(" → ".join((*names, names[0])))


def test_a_bomb_of_templates_costs_nothing() -> None:
    """Each of forty templates names the next one twice: 2^40 readings, were each followed every time."""
    files = {f"templates/{n}.yaml": f"extends: [templates/{n + 1}.yaml, templates/{n + 1}.yaml]\n" for n in range(40)}
    assert (
        order({**files, "templates/40.yaml": "trading: {label: deep}\n", ETH: "extends: [templates/0.yaml]\n"})
        == "deep"
    )


def test_a_long_chain_of_templates_is_followed() -> None:
    """Two thousand templates in a row need no recursion."""
    files = {f"templates/{n}.yaml": f"extends: [templates/{n + 1}.yaml]\n" for n in range(2000)}
    assert (
        order({**files, "templates/2000.yaml": "trading: {label: deep}\n", ETH: "extends: [templates/0.yaml]\n"})
        == "deep"
    )


def test_a_mistake_in_a_shared_template_is_told_once() -> None:
    """Layers of two bots that name it share the finding, which touches both."""
    other = BOT.replace("paper, live", "paper")
    files = {T: "trading: {levrage: 1}\n", ETH: f"extends: [{T}]\n", "bots/b/bot.yaml": f"extends: [{T}]\n{other}"}
    assert only(files).scopes == ("paper/b", "live/mm", "paper/mm")


# Bots


def names(files: Files) -> list[str]:
    """Return the names of the scopes of a desk without findings."""
    assert codes(files) == []
    return sorted(scopes(files))


def test_coins_may_be_a_list_an_environment() -> None:
    """A map of coins gives each environment its own."""
    text = BOT.replace("[ETH, BTC]", "{paper: [ETH, SOL], live: [BTC]}")
    assert names({MM: text}) == ["live/mm", "live/mm/BTC", "paper/mm", "paper/mm/ETH", "paper/mm/SOL"]


def test_sides_take_the_place_of_the_coin_without_one() -> None:
    """A bot that declares sides has a scope a side, and none without."""
    text = BOT.replace("coins:", "sides: [SHORT, LONG], coins:").replace("[paper, live]", "[paper]")
    assert names({MM: text}) == [
        *("paper/mm", "paper/mm/BTC/LONG", "paper/mm/BTC/SHORT", "paper/mm/ETH/LONG", "paper/mm/ETH/SHORT")
    ]


def test_a_service_bot_loads_system_alone() -> None:
    """Without coins and strategy a bot hears of nothing that trades, though shared layers speak of it."""
    files = {
        "bots/svc/bot.yaml": "bot: {environments: [paper], coins: []}\n",
        "global.yaml": "trading: {leverage: 5}\nsystem: {log_level: DEBUG}\nstrategy: {parameters: {alpha: 1}}\n",
    }
    assert names(files)[-1] == "paper/svc"
    found = scopes(files)
    assert list(found["paper/svc"].sections) == ["system"]
    assert list(found["paper/mm"].sections) == ["strategy", "system", "trading"]


def test_coin_names_reach_as_far_as_venues_do() -> None:
    """Letters, digits, at sign, underscore and dash make a coin, and its file is read."""
    text = BOT.replace("[ETH, BTC]", "['@107', k_PEPE-x]")
    files = {MM: text, "coins/@107.yaml": "trading: {leverage: 7}\n"}
    assert scope(files, "paper/mm/@107").value("trading.leverage") == 7


def test_case_twins_touch_both_bots() -> None:
    """ETH here and eth there are one file on some disks: neither bot compiles."""
    finding = only({"bots/other/bot.yaml": BOT.replace("[ETH, BTC]", "[eth]")})
    assert finding.code == "BOT004"
    assert set(finding.scopes) == {"live/mm", "live/other", "paper/mm", "paper/other"}
    assert [place.path for place in finding.places] == ["bots/other/bot.yaml", MM]


def test_a_faulty_declaration_hides_no_other_mistake() -> None:
    """Layers that only this bot would read are judged all the same, and none of them is called unread."""
    files = {
        MM: BOT.replace("environments:", "enviroments:"),
        ETH: "trading: {leverage: 0}\n",
        "coins/BTC.yaml": "trading: {leverage: 126}\n",
        "strategies/quote.yaml": "strategy: {parameters: {alpha: 1}}\n",
    }
    assert sorted(codes(files)) == ["BOUND001", "BOUND001", "KEY002", "REQ001"]


def test_a_folder_without_declaration_hides_no_other_mistake() -> None:
    """Its layers are judged too."""
    files = {"bots/ghost/coins/ETH.yaml": "trading: {leverage: 0}\n"}
    assert codes(files) == ["BOT001", "BOUND001"]


# Merging, labels, literals


def test_a_label_is_the_coins_before_the_bots() -> None:
    """The label of {bot, coin} wins over that of {bot}, even where the hierarchy has it the other way round."""
    turned = DESK.replace("  - bots/{bot}/bot.yaml\n", "").replace(
        "  - bots/{bot}/environments", "  - bots/{bot}/bot.yaml\n  - bots/{bot}/environments"
    )
    for desk in (DESK, turned):
        files = {"desk.yaml": desk, MM: BOT + "config_version: 1.0.0\n", ETH: "config_version: 1.2.0\n"}
        assert codes(files) == []
        labels = {name: one.config_version and one.config_version.value for name, one in scopes(files).items()}
        assert labels["paper/mm"] == labels["paper/mm/BTC"] == "1.0.0"
        assert labels["paper/mm/ETH"] == "1.2.0"


def test_an_escaped_dollar_is_literal() -> None:
    """`$${` is `${` in the value and in the snapshot."""
    found = scope({ETH: "trading: {note: 'costs $${x}', label: abc}\n"})
    assert found.value("trading.note") == "costs ${x}"


def test_an_escaped_text_is_judged_as_it_is_meant() -> None:
    """The schema sees the text without its escape."""
    files = {
        "schemas/trading.schema.json": section(
            {"note": {"type": "string", "maxLength": 2}, "leverage": {"type": "integer"}}
        )
    }
    assert codes({**files, ETH: "trading: {note: '$${'}\n"}) == []


def test_a_late_default_that_fits_is_no_finding() -> None:
    """A number, a boolean and a text as defaults are what the loader will make of them."""
    text = "system: {port: '${env:PORT:-8080}', host: '${HOST:-a:b}', fast: '${env:FAST:-true}'}\n"
    assert scope({"global.yaml": text}, "paper/mm").value("system.port") == "${env:PORT:-8080}"


def test_files_apart_from_layers_are_left_alone() -> None:
    """Market facts, hidden files and what is no YAML are no layers and no unread files."""
    files = {
        "markets/other.yaml": "exchange: other\nas_of: 2025-11-26T03:36:10Z\nsource: a page\ncoins: {}\n",
        "README.md": "no YAML\n",
        ".hidden.yaml": "hidden: yes\n",
    }
    assert codes(files) == []


def test_the_order_of_findings_is_that_of_places() -> None:
    """Findings come by file, line and column, however the files were listed."""
    files = {
        ETH: "trading: {leverage: 0, mode: x}\nsystme: {}\n",
        "coins/BTC.yaml": "trading:\n  hedged: on\n  size: 0.1\n",
        "zzz.yaml": "{}\n",
        "global.yaml": "trading: {leverage: &a 5}\n",
        "bots/ghost/coins/ETH.yaml": "{}\n",
    }
    laid = lay(files)
    texts = {path: data.decode() for path, data in laid.items()}

    found = [
        compile_desk(prepare(InMemory(dict(order)), "")).findings for order in (texts.items(), reversed(texts.items()))
    ]
    assert found[0] == found[1]
    spots = [(finding.places[0].path, finding.places[0].line, finding.places[0].column) for finding in found[0]]
    assert spots == sorted(spots)
    assert len(spots) == 8
