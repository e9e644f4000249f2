"""The readers in other languages say of every vector what deskc's own loader says."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READERS = ROOT / "examples" / "readers"
VECTORS = ROOT / "tests" / "vectors"
PACKAGES = ROOT / "tests" / "node_modules"
SOURCES = sorted(path for path in READERS.rglob("*") if path.suffix in {".go", ".ts"})
LINES = 150


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it says."""
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def go(folder: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Compile the reader in Go by its standard library alone, and run it."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed")
    offline = {
        "GOPROXY": "off",
        "GOFLAGS": "-mod=readonly",
        "GOTOOLCHAIN": "local",
        "GOCACHE": str(folder / "go"),
        "GOPATH": str(folder / "path"),
    }
    return run(["go", "run", ".", *arguments], READERS / "go", **offline)


def typescript(folder: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Check and compile the reader in TypeScript, and run it by node."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    compiler = PACKAGES / "typescript" / "bin" / "tsc"
    if not compiler.is_file():
        pytest.skip("the TypeScript compiler is not installed: make test installs it by npm")
    options = ("--typeRoots", PACKAGES / "@types", "--outDir", folder)
    compiled = run(["node", compiler, "--project", READERS / "typescript", *options], folder)
    assert compiled.stdout == ""
    shutil.copy(READERS / "typescript" / "package.json", folder)
    return run(["node", folder / "run.js", *arguments], folder)


readers = pytest.mark.parametrize("reader", [go, typescript])


@readers
def test_a_reader_says_of_every_vector_what_is_expected(
    reader: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """One line a vector, each of them ok, but for the one whose expectation is made wrong here."""
    shutil.copytree(VECTORS, tmp_path / "vectors")
    manifest = tmp_path / "vectors" / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8"))
    small = next(one for one in known["vectors"] if one["name"] == "small")
    wrong = {**small, "name": "wrong", "ask": [{**small["ask"][0], "value": 101}]}
    manifest.write_text(json.dumps({**known, "vectors": [*known["vectors"], wrong]}), encoding="utf-8")
    said = reader(tmp_path, manifest)
    expected = [["ok", one["kind"], one["name"]] for one in known["vectors"]]
    assert [line.split()[:3] for line in said.stdout.splitlines()] == [*expected, ["FAILED", "snapshot", "wrong"]]
    assert said.returncode == 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_reader_s_file_is_short(path: Path) -> None:
    """A reader is an afternoon's work in any language, and a page to review."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
