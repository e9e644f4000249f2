"""Claims about the repository itself: what it pins, what it says, what it ships and what it keeps apart."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements/*.txt"))
ADRS = sorted(ROOT.glob("docs/adr/*.md"))
TARGETS = ("setup", "run", "test", "lint", "bench", "docs", "lock", "clean")

PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)
# Where machines keep people and scratch files; written in two parts, so that this file names no such path itself.
PRIVATE = re.compile(r"(?<![\w.~$}-])/" + r"(?:home|root|tmp|work|Users|private)/[\w.-]+")

VIOLATIONS = {
    "core/planted.py": "import yaml\nimport deskc\n",
    "gitio/planted.py": "import deskc.stages\nimport click\n",
    "ledger/planted.py": "import deskc.publish\nimport git\n",
    "stages/planted.py": "import deskc.gitio\n",
    "stages/second.py": "import deskc.stages.planted\n",
    "unlisted.py": "",
}


def names(lock: Path) -> dict[str, list[str]]:
    """Return the packages that a lock file pins; one that dropped an older Python has a version for each."""
    found: dict[str, list[str]] = {}
    for name, version in PIN.findall(lock.read_text(encoding="utf-8")):
        found.setdefault(name, []).append(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_file_pins_every_package_by_hash_and_names_no_host(lock: Path) -> None:
    """Each requirement has a version and a SHA-256, and the file works behind any mirror."""
    text = lock.read_text(encoding="utf-8")
    requirements = [block for block in re.split(r"\n(?=[a-z])", text) if block]
    assert len(requirements) == sum(map(len, names(lock).values())) > 0
    assert [block for block in requirements if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|index-url|find-links|trusted-host", text) == []


def test_every_lock_file_agrees_with_what_development_uses() -> None:
    """A package that two lock files share has one version, so what was tested is what runs."""
    tested = names(ROOT / "requirements/dev.txt")
    differing = {
        name for lock in LOCKS for name, version in names(lock).items() if tested.get(name, version) != version
    }
    assert names(ROOT / "requirements/run.txt").keys() <= tested.keys()
    assert differing == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    """Every decision is a page of its own, and its title bears the number of its file."""
    numbers = [int(adr.name[:4]) for adr in ADRS]
    titles = [int(adr.read_text(encoding="utf-8").split(".")[0].removeprefix("# ")) for adr in ADRS]
    assert numbers == titles == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.stem)
def test_a_decision_says_what_it_costs_on_one_page(adr: Path) -> None:
    """Context, decision and consequences, of which at least one is negative, in at most 70 lines."""
    text = adr.read_text(encoding="utf-8")
    headings = re.findall(r"^##+ .*", text, re.MULTILINE)
    assert headings == ["## Context", "## Decision", "## Consequences", "### Negative"]
    assert "\n- " in text.split("### Negative")[1]
    assert len(text.splitlines()) <= 70


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists_and_is_explained(target: str) -> None:
    """What CONTRIBUTING.md tells people to type is what the Makefile offers."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert phony is not None
    assert target in phony[1].split()
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert f"make {target} " in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    """No file under version control holds a home directory or a scratch folder."""
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listing = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\0")
    if "Makefile" not in listing:
        pytest.skip("a source archive has no list of committed files")
    files = [ROOT / name for name in listing if name and (ROOT / name).is_file()]
    texts = {file: file.read_bytes().decode("utf-8", "replace") for file in files}
    found = {str(file.relative_to(ROOT)): PRIVATE.findall(text) for file, text in texts.items() if PRIVATE.search(text)}
    assert found == {}


def test_every_allowed_skip_names_a_test_and_a_reason() -> None:
    """A line for a test that is gone, or without a reason, does not stay on the list."""
    lines = (ROOT / "tests/allowed_skips.txt").read_text(encoding="utf-8").splitlines()
    for line in filter(lambda line: line and not line.startswith("#"), lines):
        node, _, reason = line.partition("  ")
        file, _, test = node.partition("[")[0].partition("::")
        assert reason.strip()
        assert test.rpartition("::")[2] in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["core", "runtime"])
def test_core_and_runtime_import_the_standard_library_alone(package: str) -> None:
    """A bot can run these two from a copied folder, so no import of theirs needs an installed package."""
    imported: set[str] = set()
    for file in (ROOT / "compiler/deskc" / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert imported - sys.stdlib_module_names - {"deskc"} == set()


def test_a_planted_import_breaks_every_contract(tmp_path: Path) -> None:
    """Each rule on imports fails when it is violated, so that it is known to hold when it passes."""
    command = shutil.which("lint-imports", path=Path(sys.executable).parent)
    if command is None:
        pytest.skip("import-linter is not installed")
    shutil.copytree(ROOT / "compiler", tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, source in VIOLATIONS.items():
        (tmp_path / "deskc" / name).write_text(source, encoding="utf-8")
    report = subprocess.run(
        [command, "--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    broken = re.findall(r"^(.*) BROKEN", report.stdout, re.MULTILINE)
    assert broken == [contract["name"] for contract in linter["contracts"]]
    assert report.returncode == 1


def test_the_wheel_carries_schemas_and_validators(tmp_path: Path) -> None:
    """An installed deskc can scaffold a desk: the wheel holds every schema and rule, and one import package."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    content = [*ROOT.glob("schemas/**/*.json"), *ROOT.glob("validators/**/*.py")]
    assert {name.split("/")[0] for name in packed} == {"deskc", wheel.name.split("-py3")[0] + ".dist-info"}
    assert {f"deskc/_bundled/{file.relative_to(ROOT).as_posix()}" for file in content} <= packed
    assert any(name.startswith("deskc/_bundled/schemas/") for name in packed)
    assert any(name.startswith("deskc/_bundled/validators/") for name in packed)
    assert [name for name in packed if "__pycache__" in name] == []
