"""`deskc ladder runs`, `export`, `import` and `tune`, as a user runs them."""

import json
from pathlib import Path

import pytest

from command_line import Answer, deskc
from deskc.ledger.migrate import migrate
from searching import rows, searched


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return a ledger with two searches, the second of which found more."""
    searched(tmp_path / "l.db", batches=1)
    searched(tmp_path / "l.db", batches=3)
    return tmp_path / "l.db"


def ladder(ledger: Path, *arguments: str | Path) -> Answer:
    """Run a verb of the ladder on a ledger."""
    return deskc("ladder", *arguments, "--ledger", ledger, cwd=ledger.parent)


def test_runs_are_listed_the_newest_first(ledger: Path) -> None:
    """With what each is and came to, as text and as JSON."""
    answer = ladder(ledger, "runs")
    assert (answer.code, answer.err) == (0, "")
    header, second, first = answer.out.splitlines()
    assert header.split()[:3] == ["experiment", "started", "mode"]
    assert (second.split()[0], first.split()[0]) == ("2", "1")
    told = ladder(ledger, "runs", "--output-format", "json").json()
    assert [(one["experiment_id"], one["batches"], one["ended_by"], one["run_id"]) for one in told] == [
        (2, 3, "batches", "2-1"),
        (1, 1, "batches", "1-1"),
    ]
    assert [(one["best_score"],) for one in reversed(told)] == rows(
        ledger, "SELECT min(score) FROM results GROUP BY experiment_id"
    )


def test_the_ladder_s_list_may_be_empty_or_missing(tmp_path: Path) -> None:
    """A ledger without runs says so; none at all is an error with the way to one."""
    deskc("ladder", "optimize", "--print-config", cwd=tmp_path)
    assert deskc("ladder", "runs", cwd=tmp_path).refuses("there is no ledger at", "deskc ladder optimize makes one")
    migrate(f"sqlite:///{tmp_path}/empty.db")
    assert ladder(tmp_path / "empty.db", "runs").out == "No run is in this ledger yet.\n"
    assert ladder(tmp_path / "empty.db", "runs", "--output-format", "json").json() == []


def test_an_export_is_a_layer_and_a_configuration(ledger: Path) -> None:
    """What is written is judged as the ladder that was found, and its JSON begins another run of the same settings."""
    assert ladder(ledger, "export", "-o", "best.yaml").code == 0
    judged = deskc("ladder", "check", "--file", "best.yaml", "--output-format", "json", cwd=ledger.parent)
    ((best,),) = rows(ledger, "SELECT min(score) FROM results WHERE experiment_id = 2")
    assert (judged.code, judged.json()["score"]["value"]) == (0, best)
    assert ladder(ledger, "export", "1", "--output-format", "json", "-o", "first.json").code == 0
    assert json.loads((ledger.parent / "first.json").read_bytes())["orders"].keys() == {"volumes_pct", "indents_pct"}
    again = ladder(
        ledger, "optimize", "--config", "first.json", "--mode", "random", "--batches", "1", "--output-format", "json"
    )
    ((config_hash,),) = rows(ledger, "SELECT DISTINCT config_hash FROM experiments")
    assert again.json()["config_hash"] == config_hash


def test_what_found_nothing_is_not_exported(tmp_path: Path) -> None:
    """Nor what is not there: one sentence each."""
    found = ("optimize", "--mode", "random", "--batches", "1", "--wave-turns-min", "7", "--enforce", "HC0,HC7")
    assert ladder(tmp_path / "l.db", *found).code == 1
    assert ladder(tmp_path / "l.db", "export").refuses("experiment 1 has found no ladder", "deskc ladder runs")
    assert ladder(tmp_path / "l.db", "export", "8").refuses("there is no experiment 8", "deskc ladder runs")


def test_a_flat_configuration_becomes_one_of_seven_groups(tmp_path: Path) -> None:
    """Results are what --config reads; keys that are no settings are listed beside them."""
    flat = {"slope_cap": 0.2, "lambda_penalty": 0.2, "tail_cap": 0.38, "n_trials": 5, "overlap_min": 10}
    (tmp_path / "flat.json").write_text(json.dumps(flat), encoding="utf-8")
    answer = deskc("ladder", "import", "flat.json", "-o", "grouped.json", cwd=tmp_path)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "deskc: 2 of the keys are no settings: n_trials, overlap_min\n"
    printed = deskc(
        "ladder", "optimize", "--config", "grouped.json", "--print-config", "--output-format", "json", cwd=tmp_path
    ).json()
    changed = {path for path, source in printed["sources"].items() if source == "file"}
    assert changed == {"constraints.slope_cap", "constraints.tail_cap", "scoring.lambda"}
    told = deskc("ladder", "import", "flat.json", "--output-format", "json", cwd=tmp_path).json()
    assert told["unknown"] == ["n_trials", "overlap_min"]
    assert told["config"]["constraints"] == {"slope_cap": 0.2, "tail_cap": 38.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"slope_cap": "steep"}', "slope_cap"),
        ('{"slope_cap": NaN}', "slope_cap"),
        ("[1]", "not a map"),
        ("{", "flat.json:"),
    ],
)
def test_a_flat_file_that_is_none_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    """With what is wrong."""
    (tmp_path / "flat.json").write_text(text, encoding="utf-8")
    assert deskc("ladder", "import", "flat.json", cwd=tmp_path).refuses(message)


def test_tuning_tries_configurations_and_keeps_how_they_did(tmp_path: Path) -> None:
    """A trial a line, the best told and saved; the ledger has lineage and performance; a second tuning goes on."""
    tune = ("tune", "--mode", "random", "--trials", "3", "--batches", "1", "--batch-size", "50")
    answer = ladder(tmp_path / "l.db", *tune, "--save-config", "best.json")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert [line.split()[2] for line in lines[1:4]] == ["base", "exploration", "exploration"]
    ((best, score),) = rows(
        tmp_path / "l.db",
        "SELECT config_hash, best_score FROM config_versions WHERE best_score IS NOT NULL ORDER BY best_score LIMIT 1",
    )
    assert lines[-1] == f"The best is {best[:8]}, J {score:.6f}."
    printed = deskc("ladder", "optimize", "--config", "best.json", "--mode", "random", "--batches", "1",
                    "--output-format", "json", cwd=tmp_path)  # fmt: skip
    assert printed.json()["config_hash"] == best
    told = ladder(tmp_path / "l.db", *tune, "--exploration-rate", "0", "--output-format", "json").json()
    assert [one["made_by"] for one in told] != ["base"] * 3
    assert {one["made_by"] for one in told} <= {"mutation", "crossover"}
    assert rows(tmp_path / "l.db", "SELECT count(*), count(DISTINCT config_hash) FROM experiments") == [(6, 6)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--trials", "0"), "--trials is 0"),
        (("--mutation-rate", "2"), "2.0 is no probability"),
        (("--elite-size", "0"), "an elite of 0"),
        (("--mode", "randon"), "randon is no mode"),
    ],
)
def test_tuning_that_makes_no_sense_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """With what is wrong."""
    assert deskc("ladder", "tune", *arguments, cwd=tmp_path).refuses(message)
