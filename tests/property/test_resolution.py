"""Laws of resolving: a naive resolver agrees, origins decide, and nothing but settings reaches a digest."""

import hashlib
import json
from collections.abc import Mapping
from random import Random
from typing import Any

import rfc8785
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deskc.core.documents import Leaf
from deskc.core.resolved import Scope
from deskc.core.snapshots import Snapshot
from deskc.pipeline import Compilation, compile_desk, prepare
from desks import BASE, Memory, scopes
from naive import TRADING, Data, Missing, resolved
from yaml_text import block, varied

BOT = "bots/mm/bot.yaml"
HIERARCHY: list[str] = yaml.safe_load(BASE["desk.yaml"])["hierarchy"]
SCHEMAS = {path: text.encode() for path, text in BASE.items() if not path.endswith(".yaml") or path == "desk.yaml"}
DECLARED = {"exchange": "venue", "strategy": "quote", "environments": ["paper", "live"], "coins": ["ETH", "BTC"]}
SIDED = {**DECLARED, "sides": ["LONG", "SHORT"]}
DEFAULTS: dict[str, Data] = {
    "trading": {"leverage": 10, "mode": "maker", "hedged": False, "stop": None, "weights": {"a": 1, "b": 0.5}},
    "risk": {"cap": 20},
    "system": {"log_level": "INFO"},
    "strategy": {"parameters": {"alpha": 0.5}},
}
QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])

WORDS = st.sampled_from(["a", "b", "c", "dd", "x.y", "ü", "100%", "on"])
LABELS = st.text("abcz", min_size=1, max_size=3)
SIZES = st.sampled_from([0.5, 1, 2.25, 1000, 1e-3 + 1, 123456.789])
NUMBERS = st.one_of(st.integers(-9, 9), st.sampled_from([0.1, 1e-7, 1e15 + 0.5, -2.5]))
NOTES = st.sampled_from(["", "plain", "a: b", "# no comment", "1e3", "null", 'q"r', "$${literal}", "tab\tbed"])


def free(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    """Return a map of free keys with what may be done to it."""
    entries = st.dictionaries(WORDS, values, max_size=3)
    operations = st.fixed_dictionaries(
        {}, optional={"$replace": st.just(True), "$unset": st.lists(WORDS, max_size=2, unique=True)}
    )
    return st.one_of(entries, st.builds(lambda some, more: {**more, **some}, entries, operations))


def reference(*names: str) -> st.SearchStrategy[str]:
    """Return a reference to one of these settings, of which some may not be there."""
    return st.sampled_from([f"${{ref:{name}}}" for name in names])


LIMIT = st.fixed_dictionaries({"orders": st.integers(1, 9)}, optional={"value": SIZES, "$unset": st.just(["value"])})
TRADING_SECTION = st.fixed_dictionaries(
    {},
    optional={
        "leverage": st.integers(1, 125),
        "size": st.one_of(SIZES, reference("trading.leverage", "risk.other")),
        "mode": st.sampled_from(["maker", "taker"]),
        "label": LABELS,
        "note": st.one_of(NOTES, reference("trading.mode", "trading.label", "trading.key")),
        "key": st.one_of(LABELS, reference("trading.label", "trading.mode")),
        "hedged": st.booleans(),
        "stop": st.one_of(st.none(), NUMBERS, reference("trading.size", "trading.leverage")),
        "venues": st.lists(NOTES.filter(lambda text: "$" not in text), max_size=2),
        "weights": free(NUMBERS),
        "names": free(NOTES),
        "limits": free(LIMIT),
        "nested": st.fixed_dictionaries(
            {"must": NUMBERS.filter(lambda n: isinstance(n, int))}, optional={"may": st.just(1)}
        ),
        "$unset": st.lists(st.sampled_from(["label", "note", "size"]), max_size=2, unique=True),
    },
)
SECTIONS: dict[str, st.SearchStrategy[Data]] = {
    "trading": TRADING_SECTION,
    "risk": st.fixed_dictionaries({}, optional={"other": st.integers(1, 99)}),
    "system": st.fixed_dictionaries({}, optional={"log_level": st.sampled_from(["DEBUG", "INFO"])}),
    "strategy": st.fixed_dictionaries(
        {}, optional={"parameters": st.fixed_dictionaries({}, optional={"alpha": NUMBERS})}
    ),
}
LAYER = st.fixed_dictionaries({}, optional=SECTIONS)
TEMPLATES = ["templates/one.yaml", "templates/two.yaml", "templates/three.yaml"]


@st.composite
def desks(draw: st.DrawFn) -> dict[str, Data]:
    """Draw a desk: layers at any levels, templates that extend later ones, a bot with or without sides."""
    declared = draw(st.sampled_from([DECLARED, SIDED]))
    names = {"exchange": "venue", "strategy": "quote", "bot": "mm"}
    paths = [BOT]
    for pattern in HIERARCHY:
        for environment in ("paper", "live"):
            for coin in ("ETH", "BTC"):
                path = pattern.format_map({**names, "environment": environment, "coin": coin, "side": "LONG"})
                if declared is SIDED or "{side}" not in pattern:
                    paths.append(path)
    chosen = draw(st.lists(st.sampled_from(sorted(set(paths))), max_size=5, unique=True))
    desk = {path: dict(draw(LAYER)) for path in chosen}
    desk[BOT] = {"bot": declared, **desk.get(BOT, {})}
    used = draw(st.integers(0, 3))
    for number, template in enumerate(TEMPLATES[:used]):
        beneath = draw(st.lists(st.sampled_from(TEMPLATES[number + 1 : used]), max_size=2)) if number + 1 < used else []
        desk[template] = {**draw(LAYER), **({"extends": beneath} if beneath else {})}
        desk[draw(st.sampled_from(sorted(set(desk) - set(TEMPLATES))))].setdefault("extends", []).append(template)
    return desk


def files(desk: Mapping[str, Data]) -> dict[str, bytes]:
    """Write a desk, every file in block style."""
    return {**SCHEMAS, **{path: (block(data) if data else "{}\n").encode() for path, data in desk.items()}}


def compiled(texts: Mapping[str, bytes]) -> Compilation:
    """Compile files in memory."""
    return compile_desk(prepare(Memory(texts), ""))


def resolve_all(texts: Mapping[str, bytes]) -> dict[str, Scope]:
    """Return every scope by name."""
    return scopes({**dict.fromkeys(BASE), **texts})


def expected(desk: Mapping[str, Data]) -> dict[str, Data]:
    """Return what the naive resolver makes of each scope; those it cannot resolve are missing."""
    found: dict[str, Data] = {}
    bot = desk[BOT]["bot"]
    for environment in bot["environments"]:
        names = {"environment": environment, "exchange": "venue", "strategy": "quote", "bot": "mm"}
        wanted = {f"{environment}/mm": names}
        for coin in bot["coins"]:
            for side in bot.get("sides", [None]):
                own = {**names, "coin": coin, **({"side": side} if side else {})}
                wanted["/".join(part for part in (environment, "mm", coin, side) if part)] = own
        for name, axes in wanted.items():
            try:
                found[name] = resolved(desk, HIERARCHY, axes, DEFAULTS)
            except Missing:
                continue
    return found


def same(one: object, other: object) -> bool:
    """Compare as JSON: 1.0 is 1, true is not."""
    return rfc8785.dumps(one) == rfc8785.dumps(other)  # type: ignore[arg-type] - any JSON value


@QUICK
@given(desks())
def test_a_naive_resolver_agrees(desk: dict[str, Data]) -> None:
    """Every scope has exactly the values that the design page's plain words give, by path and in its text."""
    ours, theirs = resolve_all(files(desk)), expected(desk)
    assert ours.keys() == theirs.keys()
    for name, one in ours.items():
        assert same({section: json.loads(found.text) for section, found in one.sections.items()}, theirs[name])
        for section, found in one.sections.items():
            assert same(one.value(section), theirs[name][section])
            assert found.text.encode() == rfc8785.dumps(theirs[name][section])
            assert set(found.shape.order) <= set(found.leaves)
            assert not found.shape.missing


@QUICK
@given(desks())
def test_a_desk_without_a_missing_reference_is_frozen_whole(desk: dict[str, Data]) -> None:
    """There is a finding iff the naive resolver misses a scope, and the lines hold what it resolves."""
    compilation, theirs = compiled(files(desk)), expected(desk)
    wanted = 2 * (5 if "sides" in desk[BOT]["bot"] else 3)
    assert bool(compilation.findings) is (len(theirs) < wanted)
    for snapshot in compilation.snapshots:
        for line in snapshot.lines:
            said = json.loads(line)
            name = "/".join(part for part in (snapshot.environment, "mm", said["coin"], said["side"]) if part)
            assert same(said["params"], theirs[name])


REPLACEMENTS: dict[str, tuple[str, ...]] = {
    "trading.leverage": ("97", "98"),
    "trading.size": ("777.5", "888.5"),
    "trading.mode": ("maker", "taker"),
    "trading.label": ("zzzzy", "zzzzx"),
    "trading.note": ("changed", "altered"),
    "trading.key": ("changed", "altered"),
    "trading.hedged": ("true", "false"),
    "trading.stop": ("555.5", "666.5"),
    "risk.other": ("77", "78"),
    "system.log_level": ("DEBUG", "INFO"),
    "strategy.parameters.alpha": ("555.5", "666.5"),
}


def replacement(leaf: Leaf) -> str | None:
    """Return another value that a setting may have, as it is written."""
    if isinstance(leaf.value, (list, dict)):
        return None
    choices = REPLACEMENTS.get(leaf.path)
    if choices is None:
        choices = ("555", "666") if ".limits" in leaf.path or ".nested" in leaf.path else ("55.5", "66.5")
        choices = ("changed", "altered") if leaf.path.startswith("trading.names") else choices
    return next(choice for choice in choices if json.dumps(leaf.value).strip('"') != choice)


def cut(texts: Mapping[str, bytes], leaf: Leaf, text: str) -> dict[str, bytes]:
    """Write another value at a leaf's line and columns."""
    lines = texts[leaf.file].decode().split("\n")
    line = lines[leaf.line - 1]
    assert leaf.end_line == leaf.line
    lines[leaf.line - 1] = line[: leaf.column - 1] + text + line[leaf.end_column - 1 :]
    return {**texts, leaf.file: "\n".join(lines).encode()}


@QUICK
@given(desks(), st.data())
def test_the_origins_say_what_an_edit_moves(desk: dict[str, Data], data: st.DataObject) -> None:
    """Write another value at an origin's place: it is the scope's new value iff that origin wins its setting."""
    texts = files(desk)
    before = resolve_all(texts)
    settings_of = [
        (name, path) for name, one in before.items() for found in one.sections.values() for path in found.leaves
    ]
    assume(settings_of)
    name, path = data.draw(st.sampled_from(sorted(settings_of)))
    origins = before[name].origins(path)
    places = [
        (n, one.leaf) for n, one in enumerate(origins) if one.drop is None and one.leaf.line and replacement(one.leaf)
    ]
    assume(places)
    number, leaf = data.draw(st.sampled_from(places))
    text = replacement(leaf)
    assert text is not None
    last = [other.leaf for other in origins if other.leaf.path == leaf.path and other.drop is None][-1]
    winner = last.place() == leaf.place()  # one template may speak at two levels
    after = resolve_all(cut(texts, leaf, text))
    assume(name in after)
    new = yaml.safe_load(f"k: {text}")["k"]
    assert after[name].value(path) == (new if winner else before[name].value(path))


@QUICK
@given(desks())
def test_the_last_origin_holds_the_value(desk: dict[str, Data]) -> None:
    """Every setting has an origin, and the last one that set something is where its value stands."""
    for one in resolve_all(files(desk)).values():
        for section in one.sections.values():
            for path, leaf in section.leaves.items():
                last = one.origins(path)[-1]
                if last.drop is None:
                    assert last.leaf.path == path or path in section.bound
                    assert str(last.leaf.value).replace("$${", "${") == str(leaf.value).replace("$${", "${")


@QUICK
@given(desks(), st.randoms(use_true_random=False))
def test_how_a_desk_is_written_never_reaches_a_digest(desk: dict[str, Data], random: Random) -> None:
    """The order of files and keys, comments, quotes, indentation and the spelling of numbers change no byte."""
    plain = compiled(files(desk))
    written = {path: varied(data, random).encode() for path, data in desk.items()}
    shuffled = random.sample(list({**SCHEMAS, **written}.items()), len(SCHEMAS) + len(written))
    other = compiled(dict(shuffled))
    assert [one.data() for one in other.snapshots] == [one.data() for one in plain.snapshots]
    assert sorted(one.code for one in other.findings) == sorted(one.code for one in plain.findings)


@QUICK
@given(desks(), st.sampled_from(["DEBUG", "INFO"]))
def test_a_log_level_changes_no_coins_digest(desk: dict[str, Data], level: str) -> None:
    """What does not trade stands on the bot's line alone, outside its params digest."""
    other = {**desk, "global.yaml": {**desk.get("global.yaml", {}), "system": {"log_level": level}}}
    before, after = compiled(files(desk)).snapshots, compiled(files(other)).snapshots
    for one, two in zip(before, after, strict=True):
        assert [row.params_digest for row in one.rows] == [row.params_digest for row in two.rows]
        assert one.rows[1:] == two.rows[1:]
        assert one.lines[1:] == two.lines[1:]


def checked(snapshot: Snapshot) -> None:
    """Compute every digest of a snapshot anew, from its lines alone."""
    first, *lines = snapshot.data().decode().splitlines()
    header = json.loads(first)
    assert rfc8785.dumps(header).decode() == first
    assert hashlib.sha256(first.encode()).hexdigest() == snapshot.digest
    for row, line in zip(header["scopes"], lines, strict=True):
        said = json.loads(line)
        assert rfc8785.dumps(said).decode() == line
        traded = {name: values for name, values in said["params"].items() if name in TRADING}
        assert row["params_digest"] == hashlib.sha256(rfc8785.dumps(traded)).hexdigest()
        assert row["line_digest"] == hashlib.sha256(line.encode()).hexdigest()
        assert row["length"] == len(line.encode())
        assert {key: row[key] for key in ("arm", "coin", "config_version", "side")} == {
            key: said[key] for key in ("arm", "coin", "config_version", "side")
        }
    order = [
        (row["coin"] is not None, (row["coin"] or "").encode(), (row["side"] or "").encode())
        for row in header["scopes"]
    ]
    assert order == sorted(order)


@QUICK
@given(desks())
def test_digests_are_what_the_page_says(desk: dict[str, Data]) -> None:
    """Every line is RFC 8785, and each digest covers what it is said to cover."""
    for snapshot in compiled(files(desk)).snapshots:
        checked(snapshot)
