"""The benchmark's fleet: the same on every machine, as large as promised, and valid by its own schemas."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml12
from jsonschema import Draft202012Validator

from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import WorktreeSource
from fleet import COIN_LAYERS, ENVIRONMENTS, HIERARCHY, SIDES, Fleet, edit, generate, settable

ROOT = Path(__file__).resolve().parents[3]
Tree = dict[str, Any]
LABELS = {"bot", "config_version"}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """Write the fleet at its default size."""
    return generate(tmp_path_factory.mktemp("fleet") / "one")


def content(fleet: Fleet) -> Mapping[str, bytes]:
    """Return the bytes of every file by its path."""
    return {path: (fleet.folder / path).read_bytes() for path in fleet.files}


def layers(fleet: Fleet) -> Iterator[tuple[str, Tree]]:
    """Yield path and content of every layer."""
    for path in sorted(fleet.desk.rglob("*.yaml")):
        if path.name != "desk.yaml":
            layer = cast("Tree", yaml12.read_yaml(path))
            yield path.relative_to(fleet.desk).as_posix(), layer


def paths(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every setting; a map with free keys is one setting."""
    for key, value in tree.items():
        if isinstance(value, dict) and key != "strategy_weights":
            yield from paths(value, (*path, key))
        else:
            yield (*path, key)


def pattern_of(path: str) -> str:
    """Return the hierarchy's pattern that names a layer."""
    names = {"environment": "|".join(ENVIRONMENTS), "side": "|".join(SIDES), "bot": r"bot_\d+", "coin": r"C\d+"}
    names |= {"exchange": r"\w+", "strategy": r"\w+"}
    for pattern in HIERARCHY:
        expression = re.sub(r"\\{(\w+)\\}", lambda match: f"(?:{names[match.group(1)]})", re.escape(pattern))
        if re.fullmatch(expression, path):
            return pattern
    pytest.fail(f"no pattern names {path}")


def schema(fleet: Fleet, name: str) -> Tree:
    """Load one of the fleet's schemas."""
    document: Tree = json.loads((fleet.folder / "schemas" / f"{name}.schema.json").read_bytes())
    return document


def test_the_same_arguments_give_the_same_bytes_and_commit(tmp_path: Path) -> None:
    """Two fleets written to different places hold the same bytes and have the same commit."""
    first, second = (generate(tmp_path / name, bots=2, coins=5, seed=7) for name in ("first", "second"))
    assert content(first) == content(second)
    assert first.sha == second.sha


def test_another_seed_gives_other_values_in_another_commit(tmp_path: Path) -> None:
    """The seed decides the values."""
    first, second = (generate(tmp_path / str(seed), bots=1, coins=5, seed=seed) for seed in (1, 2))
    assert first.sha != second.sha
    assert content(first)["config-repo/global.yaml"] != content(second)["config-repo/global.yaml"]


def test_a_users_git_settings_do_not_change_the_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's configuration nor git's environment reaches the generated commit."""
    plain = generate(tmp_path / "plain", bots=1, coins=2)
    config = tmp_path / "config"
    config.write_text(
        "[user]\n\tname = other\n[core]\n\tautocrlf = true\n[commit]\n\tgpgsign = true\n", encoding="utf-8"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "other")
    assert generate(tmp_path / "other", bots=1, coins=2).sha == plain.sha


def test_the_commit_holds_exactly_the_listed_files(fleet: Fleet) -> None:
    """What git has is what the fleet says it has, and nothing is left uncommitted."""
    command = ["git", "-C", str(fleet.folder)]
    listed = subprocess.run(
        [*command, "ls-tree", "-r", "--name-only", fleet.sha], capture_output=True, text=True, check=True
    )
    status = subprocess.run([*command, "status", "--porcelain"], capture_output=True, text=True, check=True)
    assert tuple(sorted(listed.stdout.split())) == fleet.files
    assert status.stdout == ""


def test_the_default_fleet_has_six_thousand_scopes_from_about_960_files(fleet: Fleet) -> None:
    """The sizes are those that the budgets name."""
    assert fleet.scopes == 6000
    assert 940 <= len(fleet.files) <= 980


def test_twice_the_bots_keep_the_shared_layers(tmp_path: Path) -> None:
    """A larger fleet adds bots and leaves every file of the smaller one as it is."""
    small, large = (content(generate(tmp_path / str(bots), bots=bots, coins=20)) for bots in (2, 4))
    assert small.items() <= large.items()
    assert {path.split("/")[2] for path in large.keys() - small.keys()} == {"bot_02", "bot_03"}


def test_each_layer_has_about_8_to_30_lines(fleet: Fleet) -> None:
    """Files are as long as a desk's files are."""
    counts = [(fleet.desk / path).read_bytes().count(b"\n") for path, _ in layers(fleet)]
    assert min(counts) >= 8
    assert max(counts) <= 34


def test_a_scope_has_about_forty_parameters(fleet: Fleet) -> None:
    """Trading, risk, exchange and one strategy's parameters make about forty settings."""
    shared = sum(len(list(settings(schema(fleet, section)))) for section in ("trading", "risk", "exchange"))
    for strategy in ("market_maker", "mean_reversion"):
        assert 38 <= shared + len(list(settings(schema(fleet, f"strategy/{strategy}")))) <= 46


def settings(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Tree]]:
    """Yield path and schema of every setting in an object schema."""
    for name, inner in tree.get("properties", {}).items():
        if "x-deskc" in inner:
            yield (*path, name), inner
        else:
            yield from settings(inner, (*path, name))


def test_a_coins_layers_set_a_fifth_of_what_they_could(fleet: Fleet) -> None:
    """Over all layers that name a coin, the share of settable parameters that are set is a fifth."""
    chosen = possible = 0
    for path, layer in layers(fleet):
        if pattern_of(path) in COIN_LAYERS:
            named = {setting.path for setting in settable(path)}
            spoken = {setting for setting in paths(layer) if setting[0] not in LABELS}
            assert spoken <= named, path
            chosen, possible = chosen + len(spoken), possible + len(named)
    assert 0.18 <= chosen / possible <= 0.22


def test_every_kind_of_coin_layer_occurs(fleet: Fleet) -> None:
    """Each pattern of the hierarchy names at least one file."""
    assert {pattern_of(path) for path, _ in layers(fleet)} == set(HIERARCHY)


def test_every_layer_is_valid_by_the_fleets_own_schemas(fleet: Fleet) -> None:
    """Each section of each layer validates, and so do a strategy's parameters by its closed schema."""
    sections = {name: Draft202012Validator(schema(fleet, name)) for name in ("trading", "risk", "exchange", "strategy")}
    strategies = ("market_maker", "mean_reversion")
    closed = {name: Draft202012Validator(schema(fleet, f"strategy/{name}")) for name in strategies}
    bots = {path.split("/")[1]: layer["bot"]["strategy"] for path, layer in layers(fleet) if path.endswith("bot.yaml")}
    for path, layer in layers(fleet):
        for section, value in layer.items():
            if section not in LABELS:
                sections[section].validate(value)
        if "strategy" in layer:
            owner = bots[path.split("/")[1]] if path.startswith("bots/") else Path(path).stem
            closed[owner].validate(layer["strategy"]["parameters"])


def test_every_schema_is_a_schema_and_every_default_fits_it(fleet: Fleet) -> None:
    """Schemas obey their meta-schema, and each setting's default is a value it allows."""
    for file in (fleet.folder / "schemas").rglob("*.json"):
        document: Tree = json.loads(file.read_bytes())
        Draft202012Validator.check_schema(document)
        for _, setting in settings(document):
            Draft202012Validator(setting).validate(setting["default"])
            assert {"unit", "impact", "when_to_change", "bump", "hot"} <= setting["x-deskc"].keys()


def test_no_layer_sets_what_its_axes_forbid(fleet: Fleet) -> None:
    """A setting with axes is set only by layers that vary by no more than those."""
    axes: dict[tuple[str, ...], set[str]] = {}
    for section in ("trading", "risk", "exchange"):
        inside = settings(schema(fleet, section))
        axes |= {
            (section, *path): set(found["x-deskc"]["axes"]) for path, found in inside if "axes" in found["x-deskc"]
        }
    assert axes
    for path, layer in layers(fleet):
        varies = set(re.findall(r"\{(\w+)\}", pattern_of(path)))
        for setting in paths(layer):
            assert setting not in axes or varies <= axes[setting], (path, setting)


def test_an_edit_changes_one_file_and_its_values_alone(tmp_path: Path) -> None:
    """An edit commits other values of the same settings in one file, and the same turn gives the same commit."""
    before = generate(tmp_path / "one", bots=1, coins=40)
    after, again = edit(before), edit(generate(tmp_path / "two", bots=1, coins=40))
    command = ["git", "-C", str(before.folder), "diff", "--name-only", before.sha, after.sha]
    (changed,) = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    old, new = ((tmp_path / name / changed).read_bytes() for name in ("one", "two"))
    assert changed.startswith("config-repo/bots/bot_00/coins/")
    assert after.sha == again.sha != before.sha
    assert old == new


def test_an_edit_keeps_what_a_layer_sets_and_its_label(tmp_path: Path) -> None:
    """The settings and the label of an edited layer stay; their values move."""
    fleet = generate(tmp_path / "fleet", bots=1, coins=40)
    before = dict(layers(fleet))
    edit(fleet)
    after = dict(layers(fleet))
    (changed,) = (path for path in before if before[path] != after[path])
    assert set(paths(before[changed])) == set(paths(after[changed]))
    assert before[changed].get("config_version") == after[changed].get("config_version")


def test_no_line_of_a_fleet_is_in_vain(tmp_path: Path) -> None:
    """Nothing repeats what holds anyway, nothing is overruled everywhere: the desk's own rules say so."""
    rules = (ROOT / "validators").glob("layer_*.py")
    copies = {f"validators/{file.name}": file for file in rules}
    fleet = generate(tmp_path / "fleet", coins=60, copies=copies)
    compilation = compile_desk(prepare(WorktreeSource(fleet.folder, 0), "config-repo/"))
    assert len(compilation.prepared.rules) == 2
    assert compilation.findings == ()


def test_copied_schemas_and_rules_lie_beside_the_fleets_own(tmp_path: Path) -> None:
    """Files handed over are committed where they were asked for."""
    extra, rule = tmp_path / "system.schema.json", tmp_path / "leverage.py"
    extra.write_text("{}\n", encoding="utf-8")
    rule.write_text('"""A rule."""\n', encoding="utf-8")
    copies = {"schemas/system.schema.json": extra, "validators/leverage.py": rule}
    fleet = generate(tmp_path / "fleet", bots=1, coins=1, copies=copies)
    assert copies.keys() <= set(fleet.files)
