"""What the benchmark runs: the compiler, its floor and its peers, each as a command line with places to fill in."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

__all__ = [
    "BENCH",
    "CONTESTANTS",
    "UNAVAILABLE",
    "Contestant",
    "Cost",
    "Course",
    "environment",
    "once",
    "prepare",
    "scaled",
    "typical",
]

BENCH = Path(__file__).resolve().parent
DESKC = Path(sys.executable).parent / "deskc"
UNAVAILABLE = 69  # sysexits.h EX_UNAVAILABLE, as peers/naive.py returns it
_COMPILE = ("{deskc}", "compile", "--out", "{out}", "--ledger", "sqlite:///{out}.db", "{desk}")


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command of the benchmark.

    `fleet` names the fleet it works on: single, double (twice the bots), ruled (single with the repository's rules), or
    none; then it runs in the repository. `scopes` is how many it covers where that is not all of the fleet. `slow` ones
    run in fewer rounds. `compared` ones write leaves that must equal the reference's.
    """

    name: str
    command: tuple[str, ...]
    fleet: str = "single"
    scopes: int | None = None
    prepared: str = ""
    slow: bool = False
    compared: bool = True
    ours: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost: wall and CPU seconds, and the peak resident memory in KiB."""

    wall_s: float
    cpu_s: float
    peak_kib: float
    status: int


def _peer(name: str, script: str, *, slow: bool = False, note: str = "") -> Contestant:
    return Contestant(name, ("{python}", f"{{bench}}/peers/{script}", "{desk}", "{out}"), slow=slow, note=note)


_FLOOR = _peer("floor", "floor.py", note="read, py-yaml12, shared merge, orjson, sha256")
_OURS = Contestant("deskc compile", _COMPILE, ours=True, note="cold: no output, no ledger, no cache")
_OMEGACONF = Contestant(
    "omegaconf",
    ("{python}", "{bench}/peers/omegaconf_peer.py", "{desk}", "{out}", "--scopes", "240"),
    scopes=240,
    slow=True,
    note="a subset of 240 scopes, scaled to all",
)
CONTESTANTS: tuple[Contestant, ...] = (
    Contestant("python -c pass", ("{python}", "-c", "pass"), fleet="none", compared=False, note="the bare interpreter"),
    _FLOOR,
    replace(_FLOOR, name="floor, twice the bots", fleet="double", note=""),
    _OURS,
    replace(_OURS, name="deskc, twice the bots", fleet="double", note=""),
    replace(_OURS, name="deskc, with rules", fleet="ruled", note="the same desk with the repository's validators"),
    _peer("ruamel.yaml C", "ruamel_c.py", note="naive merge"),
    _peer("PyYAML C", "pyyaml_c.py", note="naive merge"),
    Contestant(
        "pkl",
        ("{work}/pkl", "eval", "-m", "{out}", "{work}/main.pkl"),
        prepared="pkl.py",
        note="layers rewritten as mixins beforehand; no digests",
    ),
    Contestant(
        "jrsonnet",
        ("{python}", "{bench}/peers/jrsonnet.py", "{work}", "{out}"),
        prepared="jrsonnet.py",
        slow=True,
        note="layers rewritten as Jsonnet beforehand; no digests",
    ),
    replace(
        _OMEGACONF,
        name="omegaconf, no scope",
        command=(*_OMEGACONF.command[:-1], "0"),
        scopes=0,
        compared=False,
        note="what does not scale: start, reading",
    ),
    _OMEGACONF,
    Contestant(
        "empty typer verb", ("{python}", "{bench}/empty_verb.py"), fleet="none", compared=False, note="rich off"
    ),
    Contestant("deskc --help", ("{deskc}", "--help"), fleet="none", compared=False, ours=True),
    Contestant(
        "deskc check",
        ("{deskc}", "check", "config-repo"),
        fleet="none",
        compared=False,
        ours=True,
        note="the reference desk",
    ),
)


def environment() -> dict[str, str]:
    """Return the environment of every command: bytecode is cached as users have it, and no git variable leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


@dataclass(frozen=True, slots=True)
class Course:
    """Where one contestant runs: the folder it stands in, the desk it reads, and a work folder of its own."""

    contestant: Contestant
    folder: Path
    desk: Path
    work: Path

    @property
    def out(self) -> Path:
        """The folder it writes to, which is removed before each run."""
        return self.work / "out"

    @property
    def log(self) -> Path:
        """The file that gets what it prints."""
        return self.work / "log"

    def fill(self) -> list[str]:
        """Return the command with its places filled in."""
        places = {
            "python": sys.executable,
            "deskc": DESKC,
            "bench": BENCH,
            "desk": self.desk,
            "work": self.work,
            "out": self.out,
        }
        return [word.format(**places) for word in self.contestant.command]


def prepare(course: Course) -> str:
    """Do what comes before the clock; return why the contestant is absent, or nothing."""
    course.work.mkdir(parents=True, exist_ok=True)
    if course.contestant.ours and not DESKC.exists():
        return "deskc is not installed beside this Python"
    if not course.contestant.prepared:
        return ""
    script = BENCH / "peers" / course.contestant.prepared
    command = [sys.executable, str(script), "prepare", str(course.desk), str(course.work)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()[-1].removeprefix("absent: ")


def once(course: Course) -> Cost:
    """Run a contestant once, cold: what earlier runs wrote is gone before the clock starts."""
    shutil.rmtree(course.out, ignore_errors=True)
    for ledger in course.work.glob("out.db*"):
        ledger.unlink()
    if course.contestant.fleet != "none":
        shutil.rmtree(course.folder / ".deskc", ignore_errors=True)
    starter = [sys.executable, "-I", "-S", str(BENCH / "measure.py"), str(course.log), *course.fill()]
    done = subprocess.run(starter, cwd=course.folder, env=environment(), capture_output=True, text=True, check=True)
    wall, cpu, peak, status = done.stdout.split()
    return Cost(float(wall), float(cpu), float(peak), int(status))


def typical(costs: list[Cost]) -> Cost:
    """Return the medians of several runs, and the first exit status that was not 0."""
    return Cost(
        median(cost.wall_s for cost in costs),
        median(cost.cpu_s for cost in costs),
        median(cost.peak_kib for cost in costs),
        next((cost.status for cost in costs if cost.status), 0),
    )


def scaled(subset: Cost, start: Cost, *, share: float) -> Cost:
    """Scale a subset's cost to the whole: only what exceeds the cost of no scope at all grows."""
    return replace(
        subset,
        wall_s=start.wall_s + (subset.wall_s - start.wall_s) * share,
        cpu_s=start.cpu_s + (subset.cpu_s - start.cpu_s) * share,
    )
