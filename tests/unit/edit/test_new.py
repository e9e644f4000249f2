"""A bot and a coin join a desk whose layout is its own, or one sentence says why they do not."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.edit.addition import Addition, add, introduced, with_addition
from deskc.edit.editor import LAYER_SCHEMA, layer_schema_of
from deskc.edit.new_bot import Asked, new_bot
from deskc.edit.new_coin import new_coin
from deskc.edit.place import placed
from deskc.edit.present import Present
from deskc.edit.scaffold import scaffold
from deskc.edit.template import templates
from deskc.gitio import write
from deskc.pipeline import prepare
from deskc.stages.read import WorktreeSource
from in_memory import InMemory, compile_clean


def present(tmp_path: Path, files: Mapping[str, str]) -> Present:
    """Return a desk at the root of a folder; its files are in memory, but for what only an editor reads."""
    for path in (tmp_path / name for name in files if name.startswith(".")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[path.relative_to(tmp_path).as_posix()], encoding="utf-8")
    return Present(tmp_path, prepare(InMemory(files), ""))


def grown(files: Mapping[str, str], addition: Addition) -> dict[str, str]:
    """Return a desk's files once an addition is written, which writes no file that is there."""
    assert not files.keys() & addition.files.keys()
    assert addition.edits.keys() <= files.keys()
    return {**files, **addition.files, **addition.edits}


def without(files: Mapping[str, str], *parts: str) -> dict[str, str]:
    """Return the files whose paths hold none of these texts."""
    return {path: text for path, text in files.items() if not any(part in path for part in parts)}


# Bots


@pytest.mark.parametrize("template", templates())
@pytest.mark.parametrize("first", templates())
def test_a_bot_of_any_template_joins_a_desk_of_any_other(tmp_path: Path, first: str, template: str) -> None:
    """The desk compiles clean, and no file that was there has changed."""
    files = scaffold(first)
    addition = new_bot(present(tmp_path, files), Asked("second"), template=template)
    compilation = compile_clean(grown(files, addition))
    assert sum(snapshot.bot == "second" for snapshot in compilation.snapshots) == 3
    assert addition.edits == {}


def test_a_bot_trades_what_and_where_it_was_asked_to(tmp_path: Path) -> None:
    """Venue, environments and coins take the template's places; the file of a coin that it does not trade stays out."""
    asked = Asked("grid", exchange="phemex", environments=("production",), coins=("SOL", "1e3"))
    addition = new_bot(present(tmp_path, scaffold("mm")), asked, template="mm")
    assert [*addition.files] == ["bots/grid/bot.yaml"]
    told = [line.partition(" #")[0] for line in addition.files["bots/grid/bot.yaml"].splitlines()]
    assert told[0] == "# yaml-language-server: $schema=../../.vscode/layer.schema.json"
    assert told[3:7] == [
        "  exchange: phemex",
        "  strategy: multi_coin_mm",
        "  environments: [production]",
        '  coins: [SOL, "1e3"]',
    ]


def test_what_the_desk_lacks_of_a_strategy_comes_along(tmp_path: Path) -> None:
    """The schema of its parameters is vendored like those at the beginning, and editors come to know it."""
    files = without(scaffold("mm"), "strategy/mean_reversion")
    desk = {path: text for path, text in files.items() if path.startswith("schemas/")}
    files[LAYER_SCHEMA] = layer_schema_of(desk, "schemas/")
    addition = new_bot(present(tmp_path, files), Asked("slow"), template="mean_reversion")
    assert (
        addition.files["schemas/strategy/mean_reversion.schema.json"]
        == (scaffold("mm")["schemas/strategy/mean_reversion.schema.json"])
    )
    assert addition.edits == {LAYER_SCHEMA: scaffold("mm")[LAYER_SCHEMA]}
    compile_clean(grown(files, addition))


def test_a_desk_without_an_editor_s_files_gets_none(tmp_path: Path) -> None:
    """No first line leads to a schema that is not there."""
    files = without(scaffold("mm"), ".vscode", "strategy/mean_reversion")
    addition = new_bot(present(tmp_path, files), Asked("slow"), template="mean_reversion")
    assert addition.edits == {}
    assert "yaml-language-server" not in "".join(addition.files.values())


REFUSED: dict[str, tuple[Asked, str, str]] = {
    "a bot that is there": (Asked("mm_multi_v1"), "the desk has a bot mm_multi_v1 already", "another name"),
    "a capital": (Asked("Grid"), "Grid is no name of a bot", "a-z"),
    "no name": (Asked(""), "an empty text is no name of a bot", "a-z"),
    "a way out": (Asked("../b"), "no name of a bot", "a-z"),
    "too long a name": (Asked("b" * 41), "no name of a bot", "40"),
    "an environment": (Asked("b", environments=("producton",)), "no environment producton", "did you mean production?"),
    "a venue": (Asked("b", exchange="Hyper Liquid"), "no name of an exchange", "a-z"),
    "a coin": (Asked("b", coins=("BTC/USDT:USDT",)), "no name of a coin", "letters"),
    "a twin in the desk": (Asked("b", coins=("eth",)), "the coins ETH and eth differ only by case", "write ETH"),
    "twins in one bot": (Asked("b", coins=("Sol", "SOL")), "the coins Sol and SOL differ only by case", "write Sol"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bot_that_cannot_be_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence says what is wrong, another what may be done."""
    asked, message, way_out = REFUSED[case]
    with pytest.raises(DeskcError, match=message) as caught:
        new_bot(present(tmp_path, scaffold("mm")), asked, template="mm")
    assert way_out in caught.value.help


@pytest.mark.parametrize(
    ("level", "missing"),
    [
        ("  - strategies/{strategy}.yaml\n", "strategies/{strategy}.yaml"),
        ("  - bots/{bot}/coins/{coin}.yaml\n", "bots/{bot}/coins/{coin}.yaml"),
        ("  - exchanges/{exchange}.yaml\n", "exchanges/{exchange}.yaml"),
    ],
)
def test_a_desk_without_a_level_for_what_a_template_says_is_told(tmp_path: Path, level: str, missing: str) -> None:
    """A bot that traded without its strategy's values would be another bot."""
    files = without(scaffold("dca"), "bots/", "strategies/", "exchanges/")
    files["desk.yaml"] = files["desk.yaml"].replace(level, "")
    with pytest.raises(DeskcError, match="the hierarchy has no level for one") as caught:
        new_bot(present(tmp_path, files), Asked("b"), template="mm")
    assert missing in caught.value.help


def test_a_schema_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """What is made from all schemas waits until all of them are some."""
    files = {**without(scaffold("mm"), "strategy/mean_reversion"), "schemas/risk.schema.json": "{"}
    with pytest.raises(DeskcError, match="the schema is no JSON"):
        new_bot(present(tmp_path, files), Asked("b"), template="mean_reversion")


@pytest.mark.parametrize("what", ["bot", "coin"])
def test_nothing_joins_a_desk_that_cannot_be_read(tmp_path: Path, what: str) -> None:
    """desk.yaml says where everything belongs."""
    desk = present(tmp_path, {**scaffold("mm"), "desk.yaml": "format: 2\nschemas: schemas\nvalidators: validators\n"})
    with pytest.raises(DeskcError, match=r"desk\.yaml has errors"):
        new_bot(desk, Asked("b"), template="mm") if what == "bot" else new_coin(desk, "SOL", bot="mm_multi_v1")


# Coins


def test_a_coin_is_listed_and_has_a_layer_that_says_nothing_yet(tmp_path: Path) -> None:
    """The bot's own values hold for it, and nothing of bot.yaml has changed but the list."""
    files = scaffold("mm")
    addition = new_coin(present(tmp_path, files), "SOL", bot="mm_multi_v1")
    bot = "bots/mm_multi_v1/bot.yaml"
    assert addition.edits == {bot: files[bot].replace("[ETH, AVAX]", "[ETH, AVAX, SOL]")}
    [(path, text)] = addition.files.items()
    assert path == "bots/mm_multi_v1/coins/SOL.yaml"
    assert all(line.startswith("# ") for line in text.splitlines())
    compilation = compile_clean(grown(files, addition))
    lines = [line for line in compilation.snapshots[0].data().decode().splitlines() if '"coin":"SOL"' in line]
    assert len(lines) == 2


@pytest.mark.parametrize("template", templates())
def test_a_coin_may_begin_with_a_template_s_values(tmp_path: Path, template: str) -> None:
    """The layer holds what the template's own coin has, and says whose that was."""
    files = scaffold(template)
    bot = next(path.split("/")[1] for path in files if path.startswith("bots/"))
    addition = new_coin(present(tmp_path, files), "LINK", bot=bot, template=template)
    text = addition.files[f"bots/{bot}/coins/LINK.yaml"]
    assert f"begun with what the template {template} gives" in text.splitlines()[1]
    compile_clean(grown(files, addition))


def test_a_layer_that_was_waiting_for_its_coin_is_used(tmp_path: Path) -> None:
    """What somebody wrote before listing the coin stays as it is."""
    files = {**scaffold("mm"), "bots/mm_multi_v1/coins/SOL.yaml": "trading: {leverage: 1}\n"}
    assert new_coin(present(tmp_path, files), "SOL", bot="mm_multi_v1").files == {}


@pytest.mark.parametrize(
    ("environments", "wanted"),
    [
        ((), "coins: {development: [ETH, SOL], production: [SOL]}"),
        (("production",), "coins: {development: [ETH], production: [SOL]}"),
    ],
)
def test_coins_by_environment_are_listed_where_asked(
    tmp_path: Path, environments: tuple[str, ...], wanted: str
) -> None:
    """In every list, or in those of the environments named."""
    files = scaffold("mm")
    bot = "bots/mm_multi_v1/bot.yaml"
    files = {**files, bot: files[bot].replace("coins: [ETH, AVAX]", "coins: {development: [ETH], production: []}")}
    addition = new_coin(present(tmp_path, files), "SOL", bot="mm_multi_v1", environments=environments)
    assert wanted in addition.edits[bot]


def test_a_coin_of_some_environments_joins_the_others(tmp_path: Path) -> None:
    """Only the lists that lack it grow."""
    files = scaffold("mm")
    bot = "bots/mm_multi_v1/bot.yaml"
    files = {**files, bot: files[bot].replace("coins: [ETH, AVAX]", "coins: {development: [ETH], production: []}")}
    addition = new_coin(present(tmp_path, files), "ETH", bot="mm_multi_v1")
    assert "coins: {development: [ETH], production: [ETH]}" in addition.edits[bot]
    assert addition.files == {}


COINS: dict[str, tuple[str, str, tuple[str, ...], str, str]] = {
    "a coin that is there": ("ETH", "mm_multi_v1", (), "mm_multi_v1 trades ETH already", "versions list"),
    "a twin": ("avax", "mm_multi_v1", (), "the coins AVAX and avax differ only by case", "write AVAX"),
    "a slash": ("BTC/USDT", "mm_multi_v1", (), "no name of a coin", "letters"),
    "no name": ("", "mm_multi_v1", (), "no name of a coin", "letters"),
    "a line": ("ETH\n", "mm_multi_v1", (), "no name of a coin", "letters"),
    "a bot that is not there": ("SOL", "mm_multi", (), "the desk has no bot mm_multi", "did you mean mm_multi_v1?"),
    "one list for all": ("SOL", "mm_multi_v1", ("production",), "the same coins in all its environments", "--env"),
    "an environment": ("SOL", "by_map", ("prod",), "by_map has no list of coins for prod", "known are production"),
    "a bot with errors": ("SOL", "broken", (), "bots/broken/bot.yaml has errors", "deskc check"),
}


@pytest.mark.parametrize("case", COINS)
def test_a_coin_that_cannot_be_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence says what is wrong, another what may be done."""
    coin, bot, environments, message, way_out = COINS[case]
    files = scaffold("mm")
    own = files["bots/mm_multi_v1/bot.yaml"]
    by_map = own.replace("coins: [ETH, AVAX]", "coins: {production: [ETH]}")
    files = {**files, "bots/by_map/bot.yaml": by_map, "bots/broken/bot.yaml": "bot: {coins: 1}\n"}
    with pytest.raises(DeskcError, match=message) as caught:
        new_coin(present(tmp_path, files), coin, bot=bot, environments=environments)
    assert way_out in caught.value.help


# Judging and writing


def committed(tmp_path: Path, files: Mapping[str, str]) -> WorktreeSource:
    """Write a desk into a repository of its own, and return its working tree."""
    write.init(tmp_path)
    with placed(tmp_path, files):
        return WorktreeSource(tmp_path, 0)


def test_errors_that_were_there_are_not_the_addition_s(tmp_path: Path) -> None:
    """A desk that is red elsewhere may grow; what the addition itself breaks is found."""
    files = {**scaffold("mm"), "coins/AVAXX.yaml": "trading: {leverage: 1}\n"}
    source = committed(tmp_path, files)
    before = prepare(source, "")
    good = with_addition(source, "", new_coin(Present(tmp_path, before), "SOL", bot="mm_multi_v1"))
    assert (good.failed, introduced(before, good)) == (True, ())
    bad = with_addition(source, "", Addition({"bots/mm_multi_v1/coins/SOLL.yaml": "trading: {leverage: 1}\n"}))
    assert [finding.code for finding in introduced(before, bad)] == ["READ001"]


def test_an_addition_is_written_whole(tmp_path: Path) -> None:
    """New files are there, the edited one has its new text, and the rest is as it was."""
    committed(tmp_path, {"a.yaml": "a: 1\r\n", "b.yaml": "b: 1\n"})
    add(tmp_path, Addition({"c/d.yaml": "d: 1\n"}, {"a.yaml": "a: 2\r\n"}))
    found = {path.name: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    assert found == {"a.yaml": b"a: 2\r\n", "b.yaml": b"b: 1\n", "d.yaml": b"d: 1\n"}


@pytest.mark.parametrize("edited", [False, True])
def test_what_cannot_be_written_whole_is_not_written(tmp_path: Path, *, edited: bool) -> None:
    """A file in the way, or one that cannot be changed, leaves everything as it was."""
    committed(tmp_path, {"a.yaml": "a: 1\n"})
    name = f"{'x' * 300}.yaml"
    addition = Addition({"c/d.yaml": "d: 1\n"}, {name: ""}) if edited else Addition({"c/d.yaml": "", "a.yaml": ""})
    with pytest.raises(DeskcError, match="cannot be written" if edited else r"a\.yaml is in the way"):
        add(tmp_path, addition)
    assert [path.name for path in tmp_path.iterdir() if path.name != ".git"] == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == "a: 1\n"
