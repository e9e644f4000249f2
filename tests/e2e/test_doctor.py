"""deskc doctor: what it says in every situation in which somebody would ask it."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from command_line import Desk, deskc, git

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
PRODUCTION = "config-repo/environments/production.yaml"
VARIABLES = ("DB_HOST", "DB_NAME", "DB_PASSWORD", "DB_PORT", "DB_USER", "REDIS_HOST", "REDIS_PASSWORD", "REDIS_PORT")


class Told(NamedTuple):
    """What doctor said of one thing."""

    state: str
    seen: str
    help: str


def doctor(desk: Desk, *arguments: str, code: int = 0) -> dict[str, Told]:
    """Ask doctor as a program does, and return its signs by what they are about."""
    answer = desk.run("doctor", "--output-format", "json", *arguments)
    assert (answer.code, answer.err) == (code, "")
    signs = answer.json()["signs"]
    assert all(list(sign) == ["state", "about", "seen", "help"] for sign in signs)
    assert all(sign["help"] for sign in signs if sign["state"] != "ok")
    return {sign["about"]: Told(sign["state"], sign["seen"], sign["help"]) for sign in signs}


def test_a_healthy_desk_has_nothing_wrong(desk: Desk) -> None:
    """After a compile, with every variable set, every sign is ok."""
    assert desk.run("compile").code == 0
    answer = desk.run("doctor", env=dict.fromkeys(VARIABLES, "1"))
    assert (answer.code, answer.err) == (0, "")
    assert [line.split()[0] for line in answer.out.splitlines()] == ["ok"] * 6
    assert "config-repo/ is clean: 11 snapshots of 29 scopes" in answer.out
    assert "11 builds recorded" in answer.out


def test_unset_variables_are_named(desk: Desk) -> None:
    """Only bots need them, so it is a note; one with a default is not missed."""
    told = doctor(desk)["variables"]
    assert told.state == "note"
    assert told.seen == f"not set here: {', '.join(VARIABLES)}"


def test_a_variable_in_the_style_of_an_override_has_no_effect(desk: Desk) -> None:
    """It is named with the setting it would be, also below a free key; one that a layer asks for is legal."""
    desk.edit(PRODUCTION, 'host: "${DB_HOST}"', 'host: "${env:SYSTEM_DATABASE_HOST:-db}"')
    names = ("RISK_GLOBAL_MAX_LEVERAGE", "RISK_EXCHANGE_LIMITS_PHEMEX_MAX_OPEN_ORDERS")
    others = ("SYSTEM_DATABASE_HOST", "RISK_GLOBAL", "TRADING_DESK", "risk_global_max_leverage")
    answer = desk.run("doctor", env=dict.fromkeys((*names, *others, *VARIABLES), "2718"))
    assert (answer.code, answer.err) == (0, "")
    first, second = answer.out.splitlines()[-2:]
    assert first == f"note   overrides   set here without effect: {names[1]}, {names[0]}"
    assert second.split("help: ")[1] == (
        "settings come from reviewed commits: edit "
        "risk.exchange_limits.*.max_open_orders, risk.global.max_leverage in a layer"
    )
    assert "2718" not in answer.out


def test_without_a_repository_it_says_how_to_begin(tmp_path: Path) -> None:
    """Everything else stands on one."""
    told = doctor(Desk(tmp_path), code=1)
    assert told["repository"].state == "wrong"
    assert "deskc init" in told["repository"].help
    assert "desk" not in told


def test_without_a_commit_it_says_what_is_missing(tmp_path: Path) -> None:
    """A fresh desk is in order, and has nothing to compile yet."""
    assert deskc("init", "fresh", cwd=tmp_path).code == 0
    told = doctor(Desk(tmp_path / "fresh"))
    assert (told["history"].state, told["desk"].state, told["ledger"].state) == ("note", "ok", "note")
    assert "no commit yet" in told["history"].seen
    assert "deskc compile" in told["ledger"].help


def test_a_repository_without_a_desk_is_wrong(tmp_path: Path) -> None:
    """The way out names init."""
    git("init", "--quiet", cwd=tmp_path)
    told = doctor(Desk(tmp_path), code=1)["desk"]
    assert told.state == "wrong"
    assert "deskc init" in told.help


def test_a_shallow_clone_is_noted(desk: Desk, tmp_path: Path) -> None:
    """It works, except for what needs history; CI's word for the cure is named."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    desk.commit()
    git("clone", "--quiet", "--depth", "1", f"file://{desk.root}", tmp_path / "shallow", cwd=tmp_path)
    told = doctor(Desk(tmp_path / "shallow"))["history"]
    assert told.state == "note"
    assert "fetch-depth: 0" in told.help


@pytest.mark.parametrize(
    ("name", "text", "errors"),
    [(ETH, "trading: {min_sprad_bps: 1}\n", "1 error"), ("config-repo/desk.yaml", "format: [\n", "1 error")],
)
def test_a_broken_desk_is_wrong(desk: Desk, name: str, text: str, errors: str) -> None:
    """It counts the errors and leaves showing them to check."""
    desk.write(name, text)
    told = doctor(desk, code=1)["desk"]
    assert (told.state, told.seen, told.help) == (
        "wrong", f"config-repo/ has {errors}", "deskc check shows them",
    )  # fmt: skip


@pytest.mark.parametrize("data", [b"no database" * 1000, b""])
def test_a_damaged_ledger_is_wrong(desk: Desk, data: bytes) -> None:
    """Nothing is mended behind one's back."""
    assert desk.run("compile").code == 0
    ledger = desk.root / ".deskc/ledger.db"
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    ledger.write_bytes(data)
    assert doctor(desk, code=1)["ledger"].state == "wrong"
    assert ledger.read_bytes() == data


def test_a_flipped_page_is_found(desk: Desk) -> None:
    """A ledger that opens may still be damaged inside."""
    assert desk.run("compile").code == 0
    ledger = desk.root / ".deskc/ledger.db"
    data = bytearray(ledger.read_bytes())
    half = len(data) // 2
    data[half : half + 40_000] = b"\xff" * 40_000
    ledger.write_bytes(data)
    assert doctor(desk, code=1)["ledger"].state == "wrong"


@pytest.mark.parametrize("ledger", ["sqlite:///gone.db", "gone.db", ""])
def test_a_ledger_that_was_named_must_be_there(desk: Desk, ledger: str) -> None:
    """It is wrong, and none is made."""
    assert doctor(desk, "--ledger", ledger, code=1)["ledger"].state == "wrong"
    assert not (desk.root / "gone.db").exists()


def test_a_bare_repository_is_judged_by_its_head(desk: Desk, tmp_path: Path) -> None:
    """There is no working tree to look at."""
    git("clone", "--quiet", "--bare", desk.root, tmp_path / "bare", cwd=tmp_path)
    assert doctor(Desk(tmp_path / "bare"), "config-repo")["desk"].state == "ok"


def test_a_state_folder_that_git_would_commit_is_wrong(desk: Desk) -> None:
    """A ledger in a commit would grow with every clone."""
    assert desk.run("compile").code == 0
    (desk.root / ".deskc/.gitignore").unlink()
    assert doctor(desk, code=1)[".deskc"].help == "add a line .deskc/ to .gitignore"
    desk.write(".gitignore", ".deskc/\n")
    assert ".deskc" not in doctor(desk)


EDITOR = "config-repo/.vscode/layer.schema.json"


@pytest.mark.parametrize("stale", ["schema", "broken"])
def test_an_editor_that_knows_other_schemas_is_noted_with_what_refreshes_it(desk: Desk, stale: str) -> None:
    """Whoever edits a schema by hand is told of the copy that editors judge by; the command as printed renews it."""
    desk.write(EDITOR, "")
    assert desk.run("schema", "--layer", "-o", EDITOR).code == 0
    assert "editor" not in doctor(desk)
    if stale == "schema":
        desk.edit("schemas/trading.schema.json", '"maximum": 125', '"maximum": 50')
    else:
        desk.write(EDITOR, "{")
    told = doctor(desk)["editor"]
    assert (told.state, told.seen) == ("note", f"{EDITOR} is not what the schemas give now")
    assert desk.run(*told.help.split()[1:]).code == 0
    assert "editor" not in doctor(desk)


def test_how_a_formatter_writes_an_editor_s_schema_does_not_matter(desk: Desk) -> None:
    """What it says is compared, not its bytes; a desk whose schemas are broken is told of those alone."""
    layer = desk.run("schema", "--layer").json()
    desk.write(EDITOR, json.dumps(layer, indent=4))
    assert "editor" not in doctor(desk)
    desk.write("schemas/risk.schema.json", "{}")
    assert "editor" not in doctor(desk, code=1)


def test_doctor_writes_nothing(desk: Desk) -> None:
    """Looking makes no folder and no ledger."""
    doctor(desk)
    assert not (desk.root / ".deskc").exists()
