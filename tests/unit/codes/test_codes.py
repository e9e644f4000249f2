"""The catalogue and the compiler agree both ways, and every example does what it says."""

import re
import subprocess
from pathlib import Path

import pytest

from deskc.core.codes import (
    CODES,
    TINY,
    Code,
    Files,
    Link,
    data_of,
    deciding,
    desk,
    judging,
    layers,
    markets,
    measuring,
    merging,
    moving,
    reading,
)
from deskc.core.documents import Tree
from deskc.core.findings import Finding
from deskc.edit.scaffold import migration
from deskc.exchange.drift import drift
from deskc.exchange.facts import Told
from deskc.exchange.lock import Locked, read_lock
from deskc.gitio.objects import Objects
from deskc.gitio.write import commit_files
from deskc.pipeline import Compilation, compile_desk, judged_by, prepare
from deskc.stages.read import CommitSource, WorktreeSource
from deskc.tuning.compared import compared
from in_memory import InMemory

COMPILER = Path(__file__).parents[3] / "compiler" / "deskc"
NOW = 1_700_000_000
WRITTEN = re.compile(r'"([A-Z]+[0-9]{3})"')


def compiled(files: Files, root: Path) -> Compilation:
    """Lay files over the tiny desk in a new repository and compile what then stands there."""
    for path, text in {**TINY, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, Link):
            file.symlink_to(text)
        else:
            file.write_bytes(data_of(text))
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    return compile_desk(prepare(WorktreeSource(root, now=NOW), ""))


def committed(files: Files, root: Path) -> Compilation:
    """Lay files over the tiny desk, commit them without a signature and compile the commit."""
    compiled(files, root)
    paths = sorted({**TINY, **files})
    commit_files(root, paths, "Begin", author="Desk", email="desk@example.org", when=NOW)
    with Objects(root) as objects:
        return compile_desk(prepare(CommitSource(objects, "HEAD"), ""))


def findings_of(code: Code, files: Files, root: Path) -> tuple[Finding, ...]:
    """Return what the command that gives a code finds in an example of it."""
    if code.given_by == "check":
        return compiled(files, root).findings
    if code.given_by == "compile":
        return committed(files, root).findings
    if code.given_by == "check --base":
        base = prepare(InMemory(TINY), "")
        return compile_desk(judged_by(prepare(InMemory({**TINY, **files}), ""), base)).findings
    if code.given_by == "ladder regress":
        return compared(prepare(InMemory({**TINY, **files}), "", with_rules=False), "", None).findings
    if code.given_by == "markets verify":
        (path,) = code.good
        held, today = (read_lock(Tree(None, NOW, {path: one[path].encode()}), path).value for one in (files, code.good))
        assert held
        assert today
        return tuple(drift(held, Told("the venue", today.facts, absent(held, today)), now=NOW))
    ((file, text),) = files.items()
    return migration(data_of(text), file=file).findings


def absent(held: Locked, today: Locked) -> dict[str, str]:
    """Return the coins of a lock that a venue has no more, and why."""
    return {coin: f"the venue has no market {coin}" for coin in held.facts if coin not in today.facts}


def told(findings: tuple[Finding, ...]) -> list[str]:
    """Return findings as a failing test should show them."""
    return [f"{finding.code} {finding.message} {finding.places[:1]}" for finding in findings]


def test_every_code_in_the_sources_is_catalogued_and_no_other() -> None:
    """A code that the compiler can give is explained, and no explanation outlives its code."""
    catalogue = COMPILER / "core" / "codes"
    sources = [file for file in COMPILER.rglob("*.py") if catalogue not in file.parents]
    written = {code for file in sources for code in WRITTEN.findall(file.read_text(encoding="utf-8"))}
    assert written == set(CODES)


def test_no_code_is_catalogued_twice() -> None:
    """Codes are never used again, so each has one entry."""
    entries = [
        entry.code
        for family in (deciding, desk, judging, layers, markets, measuring, merging, moving, reading)
        for entry in family.CODES
    ]
    assert sorted(entries) == list(CODES)


def test_the_tiny_desk_compiles_clean(tmp_path: Path) -> None:
    """What the examples are laid over has nothing wrong itself, and is enough for a snapshot."""
    compilation = compiled({}, tmp_path)
    assert told(compilation.findings) == []
    assert [[row.coin for row in snapshot.rows] for snapshot in compilation.snapshots] == [[None, "ETH"]]


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_bad_example_yields_its_code_and_no_other(code: Code, tmp_path: Path) -> None:
    """The compiler gives the code for the example, and nothing that would distract from it."""
    found = findings_of(code, code.bad, tmp_path)
    assert {finding.code for finding in found} == {code.code}, told(found)
    assert all(finding.help for finding in found)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_good_example_yields_nothing(code: Code, tmp_path: Path) -> None:
    """Whoever does what the good example shows has a desk that compiles."""
    assert told(findings_of(code, code.good, tmp_path)) == []


def test_a_title_is_one_sentence() -> None:
    """Titles stand in lists and annotations, so each is a sentence of its own and short."""
    titles = [code.title for code in CODES.values()]
    assert [title for title in titles if not title.endswith(".") or ". " in title or len(title) > 80] == []
    assert len(set(titles)) == len(titles)


def test_every_code_says_why_and_what_to_do() -> None:
    """No explanation is empty, used twice, or only the title again."""
    texts = [text for code in CODES.values() for text in (code.title, code.why, code.fix)]
    assert min(len(text) for text in texts) >= 10
    assert len(set(texts)) == len(texts)


def test_an_example_is_small() -> None:
    """An example shows at most three files, so that the mistake is seen at once."""
    assert {
        code.code for code in CODES.values() for files in (code.bad, code.good) if not 1 <= len(files) <= 3
    } == set()
