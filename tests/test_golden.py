"""Golden desks: what is committed, what is found, what is frozen. UPDATE_GOLDEN=1 writes what is expected anew.

A case is a folder of tests/golden/desks. Its `in/` is laid over that of `clean`, committed to a repository and compiled.
`findings.txt` holds the findings, `frozen.txt` the snapshots by digest; `clean` keeps the snapshots themselves.
"""

import os
from pathlib import Path

import pytest

from deskc.pipeline import Compilation
from deskc.report.concise import concise
from desks import commit, committed

CASES = Path(__file__).parent / "golden" / "desks"
ETH = "bots/mm/coins/ETH.yaml"
MADE: dict[str, dict[str, bytes | None]] = {
    "brackets": {ETH: b"trading: " + b"[" * 50_000 + b"\n"},
    "nul": {ETH: b"trading:\n  leverage: 3\0\n"},
    "byte_order_mark": {ETH: b"\xef\xbb\xbftrading:\n  leverage: 3\n"},
    "bidirectional": {ETH: "trading:\n  note: \u202e3\n".encode()},
    "two_mebibytes": {ETH: b"# comment\n" * ((2 << 20) // 10)},
    "symbolic_link": {ETH: None},
}
"""Cases whose files are no text that an editor should meet; None is a link out of the repository."""

NAMES = sorted({path.name for path in CASES.iterdir()} | MADE.keys())


def compiled(case: str, root: Path) -> Compilation:
    """Commit a case's files to a repository and compile the commit."""
    files: dict[str, bytes] = {}
    for folder in (CASES / "clean" / "in", CASES / case / "in"):
        files |= {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
    for path, data in MADE.get(case, {}).items():
        if data is None:
            files.pop(path)
            (root / path).parent.mkdir(parents=True)
            (root / path).symlink_to("/etc/hostname")
        else:
            files[path] = data
    return committed(commit(root, files))


def expect(path: Path, text: str) -> None:
    """Compare with a golden file, or write it."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("case", NAMES)
def test_a_desk_gets_its_findings_and_snapshots(case: str, tmp_path: Path) -> None:
    """Every finding has a place and a way out, and no target that an error touches has a snapshot."""
    compilation = compiled(case, tmp_path)
    errors = [finding for finding in compilation.findings if finding.severity == "error"]
    poisoned = {"/".join(scope.split("/")[:2]) for finding in errors for scope in finding.scopes}
    frozen = {f"{one.environment}/{one.bot}": one for one in compilation.snapshots}
    assert frozen.keys().isdisjoint(poisoned)
    assert not frozen or all(finding.scopes for finding in errors)
    assert all(finding.places and finding.help for finding in compilation.findings)
    assert bool(errors) is (case != "clean")
    expect(CASES / case / "findings.txt", concise(compilation.findings))
    expect(CASES / case / "frozen.txt", "".join(f"{name} {one.digest}\n" for name, one in sorted(frozen.items())))
    if case == "clean":
        for name, one in frozen.items():
            expect(CASES / case / "out" / f"{name}.jsonl", one.data().decode())
