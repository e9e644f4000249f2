"""Bad input, case by case: what is found, what still compiles, and that the command line then writes nothing.

A case is a folder under golden/cases: its `tree` is laid over golden/desk, `findings.txt` holds the findings a line
each, `snapshots.txt` what compiled, `arguments.txt` what the command was limited to. UPDATE_GOLDEN=1 writes the two
expectations anew.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import deskc
from deskc.core.findings import Finding
from deskc.gitio.objects import Objects
from deskc.pipeline import Compilation, Selection, compile_desk, prepare
from deskc.report.concise import concise
from deskc.stages.read import CommitSource, WorktreeSource

GOLDEN = Path(__file__).parent / "golden"
CASES = tuple(sorted(folder.name for folder in (GOLDEN / "cases").iterdir()))
FOLDER = "desk/"
COIN = "desk/bots/maker/coins/ETH.yaml"


def symlink(root: Path) -> None:
    """Let a layer be a link to a file of the same desk."""
    (root / COIN).unlink()
    (root / COIN).symlink_to("../../../global.yaml")


def with_real_ladders(root: Path) -> None:
    """Let the desk carry the schema and the rules of ladders that come with deskc."""
    own = Path(__file__).parents[1]
    shutil.copy(own / "schemas" / "ladder.schema.json", root / "schemas")
    for pattern in ("hc*.py", "ladder_*.py"):
        for rule in (own / "validators").glob(pattern):
            shutil.copy(rule, root / "validators")


MADE: Mapping[str, Callable[[Path], object]] = {
    "fifty_thousand_brackets": lambda root: (root / COIN).write_text("trading:\n  hours: " + "[" * 50_000 + "\n"),
    **dict.fromkeys(("ladder_broken", "ladder_contradicts", "ladder_of_the_other_side"), with_real_ladders),
    **dict.fromkeys(("ladder_preset_contradicts", "ladder_sound", "ladder_without_room"), with_real_ladders),
    "nul": lambda root: (root / COIN).write_bytes(b"trading:\n  label: pl\0ain\n"),
    "symlink": symlink,
    "two_mebibytes": lambda root: (root / COIN).write_text("trading:\n  hours:\n" + "    - 1\n" * (1 << 18)),
}
"""Trees that no folder should hold: too large, or not kept alike by every checkout."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case whose tree is the one commit of a repository."""

    name: str
    root: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return what the command is limited to."""
        file = GOLDEN / "cases" / self.name / "arguments.txt"
        return tuple(file.read_text().split()) if file.exists() else ()

    @property
    def selection(self) -> Selection:
        """Return the same for the pipeline."""
        pairs = list(zip(self.arguments[::2], self.arguments[1::2], strict=True))
        environments = tuple(value for option, value in pairs if option == "--env")
        return Selection(environments, tuple(value for option, value in pairs if option == "--bot"))

    def compiled(self) -> Compilation:
        """Compile the commit."""
        with Objects(self.root) as objects:
            return compile_desk(prepare(CommitSource(objects, "HEAD"), FOLDER), self.selection)

    def expected(self, name: str, text: str) -> str:
        """Return what a golden file says; with UPDATE_GOLDEN set, write the text there first."""
        path = GOLDEN / "cases" / self.name / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_bytes(text.encode())
        return path.read_bytes().decode()

    def files(self) -> dict[str, bytes]:
        """Return every file of the working tree."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(self.root).parts
        }


def git(root: Path, *arguments: str) -> None:
    """Run git without anything that the machine has configured."""
    people = {
        f"GIT_{who}_{what}": "desk@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    clean = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=root, check=True, env={**os.environ, **people, **clean})


def case_of(name: str, root: Path) -> Case:
    """Lay a case over the desk and commit it."""
    shutil.copytree(GOLDEN / "desk", root)
    tree = GOLDEN / "cases" / name / "tree"
    if tree.exists():
        shutil.copytree(tree, root, dirs_exist_ok=True)
    if name in MADE:
        MADE[name](root)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", name)
    return Case(name, root)


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return each case in turn; no test changes its repository."""
    return case_of(request.param, tmp_path_factory.mktemp("case") / "root")


def compiled_targets(compilation: Compilation) -> str:
    """Write what compiled, a target a line with its scopes."""
    lines = []
    for snapshot in compilation.snapshots:
        scopes = ["/".join(part for part in (row.coin, row.side) if part) for row in snapshot.rows[1:]]
        lines.append(" ".join([f"{snapshot.environment}/{snapshot.bot}", *scopes]))
    return "".join(f"{line}\n" for line in lines)


def only(name: str, root: Path) -> Finding:
    """Return a case's only finding."""
    (finding,) = case_of(name, root).compiled().findings
    return finding


def at(root: Path, finding: Finding) -> list[str]:
    """Return the file of each place of a finding, and the text that stands there."""
    texts = []
    for place in finding.places:
        line = (root / place.path).read_text().split("\n")[place.line - 1]
        texts.append(f"{place.path}: {line[place.column - 1 : place.end_column - 1]}")
    return texts


def test_every_made_case_has_its_folder() -> None:
    """A tree that is made by a function has expectations like any other."""
    assert MADE.keys() <= set(CASES)


def test_a_case_is_found_and_the_rest_compiles(case: Case) -> None:
    """All findings come in one run, and what they do not touch has its snapshots."""
    compilation = case.compiled()
    findings, snapshots = concise(compilation.findings), compiled_targets(compilation)
    assert findings == case.expected("findings.txt", findings)
    assert snapshots == case.expected("snapshots.txt", snapshots)


def test_a_case_is_judged_alike_in_the_working_tree(case: Case) -> None:
    """Whether files come from a commit or from the disk changes neither findings nor bytes."""
    committed = case.compiled()
    on_disk = compile_desk(prepare(WorktreeSource(case.root, committed.prepared.tree.now), FOLDER), case.selection)
    assert on_disk.findings == committed.findings
    assert [one.data() for one in on_disk.snapshots] == [one.data() for one in committed.snapshots]


def test_a_finding_says_where_and_what_to_do(case: Case) -> None:
    """Each has a file with line and column that is there, a sentence without a full stop, and a way out."""
    for finding in case.compiled().findings:
        assert finding.places
        assert finding.help
        assert not finding.message.endswith(".")
        for place in finding.places:
            assert os.path.lexists(case.root / place.path)
            assert min(place.line, place.column) >= 1


def test_the_command_line_writes_all_or_nothing(case: Case) -> None:
    """One error among what is judged: exit 1, and neither a snapshot, a pointer nor a ledger is written."""
    before, (folder, ledger) = case.files(), (case.root.parent / name for name in ("out", "ledger.db"))
    where = ["--out", os.fspath(folder), "--ledger", f"sqlite:///{ledger}", *case.arguments]
    done = deskc("compile", "desk", *where, cwd=case.root)
    expected = (GOLDEN / "cases" / case.name / "findings.txt").read_text()
    snapshots = (GOLDEN / "cases" / case.name / "snapshots.txt").read_text().splitlines()
    written = sorted(path.relative_to(folder).parent.as_posix() for path in folder.rglob("*.jsonl"))
    assert (done.code, done.err) == (1 if expected else 0, "")
    assert case.files() == before
    if expected:
        assert "help: " in done.out
        assert done.out.endswith("Nothing was written.\n")
        assert not folder.exists()
        assert not ledger.exists()
    else:
        assert written == [line.split()[0] for line in snapshots]
        assert ledger.exists()


def test_on_for_a_boolean_is_answered_with_true(tmp_path: Path) -> None:
    """Who writes `on` meant true; the finding says so."""
    finding = only("on_for_a_boolean", tmp_path / "desk")
    assert finding.help == "write true"
    assert at(tmp_path / "desk", finding) == [f"{COIN}: on"]


def test_a_strategy_without_schema_is_answered_with_what_to_do(tmp_path: Path) -> None:
    """Where the desk has no strategy's schema at all there is none to choose: one has to be added."""
    finding = only("strategy_without_schema", tmp_path / "desk")
    assert not finding.help.rstrip().endswith(":")


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("axes_violated_by_replace", [f"{COIN}: true", 'schemas/risk.schema.json: ["environment"]']),
        (
            "axes_violated_by_reference",
            ["desk/environments/live.yaml: ${ref:trading.leverage}", 'schemas/risk.schema.json: ["environment"]'],
        ),
        ("axes_violated", [f"{COIN}: 20", 'schemas/risk.schema.json: ["environment"]']),
        (
            "axes_violated_by_template",
            [
                "desk/templates/calm.yaml: 20",
                'schemas/risk.schema.json: ["environment"]',
                "desk/bots/maker/bot.yaml: templates/calm.yaml",
            ],
        ),
    ],
)
def test_a_violated_axis_is_shown_at_both_ends(name: str, places: list[str], tmp_path: Path) -> None:
    """Where the layer sets it, where the schema forbids it, and where a template was taken in."""
    assert at(tmp_path / "desk", only(name, tmp_path / "desk")) == places


def test_a_duplicate_key_is_shown_with_the_first(tmp_path: Path) -> None:
    """Which of the two is wrong, only its author knows."""
    finding = only("duplicate_key", tmp_path / "desk")
    assert [(place.line, place.column) for place in finding.places] == [(4, 3), (2, 3)]


def test_a_poisoned_coin_leaves_the_findings_of_others(tmp_path: Path) -> None:
    """An error in one coin's layer hides neither what rules find in other coins, nor other bots' findings."""
    findings = case_of("poisoned_scope", tmp_path / "desk").compiled().findings
    assert {finding.scopes for finding in findings if finding.code == "OWN001"} == {("live/maker/AVAX",)}
    assert {finding.scopes for finding in findings if finding.code == "BOUND001"} == {("live/maker", "paper/maker")}
