"""The ladders' lock as CI and a reviewer meet it: written, compared, refreshed."""

from pathlib import Path

import pytest

from command_line import Desk, git
from deskc.core.codes import CODES, TINY

LOCK = "ladders.lock.yaml"
COIN = "bots/maker/coins/ETH.yaml"
CLEAN = "1 presets, 1 ladders, 4 kernels: nothing got worse.\n"


@pytest.fixture
def small(tmp_path: Path) -> Desk:
    """Return a committed desk of one bot with one ladder and one preset."""
    return started(tmp_path)


def started(root: Path) -> Desk:
    """Commit that desk to a folder."""
    desk = Desk(root)
    for path, text in {**TINY, **CODES["OPT001"].good, **CODES["OPT002"].good}.items():
        if path != LOCK:
            desk.write(path, text)
    git("init", "--quiet", "--initial-branch=main", "--template=", cwd=root)
    desk.commit("Start the desk")
    return desk


@pytest.fixture(scope="module")
def lock(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the lock that the command writes for that desk."""
    desk = started(tmp_path_factory.mktemp("lock"))
    assert desk.run("ladder", "lock").out == f"{LOCK}: 1 presets, 1 ladders, 4 kernels\n"
    return (desk.root / LOCK).read_text(encoding="utf-8")


@pytest.fixture
def locked(small: Desk, lock: str) -> Desk:
    """Return that desk with its lock committed."""
    small.write(LOCK, lock)
    small.commit("Lock the ladders")
    return small


def test_a_locked_desk_is_what_its_lock_says(locked: Desk) -> None:
    """Measured again, every number is the same, and check takes the lock for no layer."""
    again = locked.run("ladder", "regress", "--base", "HEAD")
    assert (again.code, again.out, again.err) == (0, CLEAN, "")
    text = (locked.root / LOCK).read_text(encoding="utf-8")
    assert locked.run("ladder", "lock", "-o", "other.yaml").code == 0
    assert (locked.root / "other.yaml").read_text(encoding="utf-8") == text
    (locked.root / "other.yaml").unlink()
    assert "READ001" not in locked.run("check").out


def test_a_worse_ladder_fails_until_the_lock_accepts_it(locked: Desk) -> None:
    """The finding shows the orders and the lock's line; a refreshed lock makes it a warning, which a reviewer sees."""
    locked.edit(COIN, "[12, 20, 30, 38]", "[13, 20, 29, 38]")
    worse = locked.run("ladder", "regress", "--base", "HEAD")
    assert worse.code == 1
    assert "error[OPT001]: the ladder's score is " in worse.out
    assert f"--> {COIN}:5:25" in worse.out
    assert f"::: {LOCK}:" in worse.out
    assert locked.run("ladder", "lock").code == 0
    accepted = locked.run("ladder", "regress", "--base", "HEAD", "--output-format", "json")
    assert accepted.code == 0
    assert {(one["code"], one["severity"]) for one in accepted.json()["findings"]} == {("OPT001", "warning")}
    assert locked.run("ladder", "regress").out == CLEAN


def test_a_new_ladder_is_told_until_it_is_locked(small: Desk) -> None:
    """Without a lock nothing fails, and each ladder and preset that nothing holds is a warning."""
    found = small.run("ladder", "regress", "--base", "HEAD", "--output-format", "json")
    assert found.code == 0
    assert [(one["code"], one["severity"]) for one in found.json()["findings"]] == [("OPT004", "warning")] * 2


def test_a_commit_is_compared_as_it_was(locked: Desk) -> None:
    """What lies in the working tree does not count with --at."""
    locked.edit(COIN, "[12, 20, 30, 38]", "[13, 20, 29, 38]")
    assert locked.run("ladder", "regress", "--base", "HEAD", "--at", "HEAD").out == CLEAN


def test_a_lock_keeps_the_budget_that_people_gave_it(small: Desk) -> None:
    """Seed, evaluations and tolerance are theirs; the numbers are the command's."""
    small.write(LOCK, "format: 1\nseed: 7\nevaluations: 200\ntolerance: 0.5\n")
    assert small.run("ladder", "lock").code == 0
    text = (small.root / LOCK).read_text(encoding="utf-8")
    assert "\nseed: 7\nevaluations: 200\ntolerance: 0.5\n" in text


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (LOCK, "format: 1\ntolerance: 0\n", f"{LOCK}:2:12"),
        (COIN, "ladder: {core: {num_orders: 1}}\n", f"{COIN}:1:29"),
    ],
)
def test_nothing_is_measured_where_something_is_wrong(locked: Desk, file: str, text: str, said: str) -> None:
    """A finding names the place, and the lock stays as it is."""
    locked.write(file, text)
    before = (locked.root / LOCK).read_bytes()
    for verb in ("regress", "lock"):
        answer = locked.run("ladder", verb)
        assert (answer.code, said in answer.out) == (1, True), answer
    assert (locked.root / LOCK).read_bytes() == before


def test_an_unknown_base_is_one_sentence(locked: Desk) -> None:
    """A typing mistake is no loss."""
    assert locked.run("ladder", "regress", "--base", "mian").refuses("mian")
