"""A small desk in a real git repository, for tests that ask what a setting is and what a change changes."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deskc.gitio.objects import Objects
from deskc.pipeline import Prepared, prepare
from deskc.stages.read import CommitSource, WorktreeSource

__all__ = ["FILES", "FOLDER", "Repository", "start"]

FOLDER = "desk/"

_DESK = """\
format: 1
environments:
  development: {writes: direct}
  staging: {writes: proposal}
  production: {writes: proposal}
hierarchy:
  - global.yaml
  - environments/{environment}.yaml
  - coins/{coin}.yaml
  - coins/{coin}.{side}.yaml
  - bots/{bot}/bot.yaml
  - bots/{bot}/coins/{coin}.yaml
  - bots/{bot}/environments/{environment}.yaml
schemas: ../schemas
validators: ../validators
markets: markets
approvals: {risk: [risk-owners], trading: [traders], trading.leverage: [risk-owners, traders]}
"""

_GLOBAL = """\
# Where every bot begins.
trading:
  leverage: 10
  spread_bps: 0.6
risk:
  max_leverage: 20
"""

_PRODUCTION = """\
system:
  host: "${env:HOST:-localhost}"
  log_level: INFO
"""

_CALM = """\
trading:
  spread_bps: 1.5
  weights: {b: 2}
"""

_MAKER = """\
bot: {exchange: venue, environments: [development, production], coins: [ETH, SOL]}
config_version: 1.0.0
extends: [templates/calm.yaml]
"""

_ETH = """\
config_version: 1.2.0
trading:
  spread_bps: 0.3
  venues:
    - main
    - spare
"""

_ENGINE = """\
bot:
  exchange: venue
  environments: [staging, production]
  coins: [BTC]
  sides: [LONG, SHORT]
trading:
  weights: {$replace: true, c: 3}
"""

_LONG = """\
trading:
  leverage: "${ref:risk.max_leverage}"
"""


def _leaf(kind: str, *, unit: str = "none", bump: str = "minor", hot: bool = True, **more: object) -> dict[str, object]:
    late = {"late": more.pop("late")} if "late" in more else {}
    notes = {"unit": unit, "bump": bump, "hot": hot, **late}
    return {"type": kind, "description": "A setting.", **more, "x-deskc": notes}


def _section(**properties: object) -> str:
    group = {"type": "object", "additionalProperties": False, "properties": properties}
    return json.dumps({"description": "A section.", **group}, indent=2) + "\n"


_WEIGHTS = {
    "type": "object",
    "description": "Weights by name.",
    "additionalProperties": {"type": "number"},
    "default": {"a": 1},
    "x-deskc": {"unit": "weight", "bump": "patch", "hot": True},
}

FILES: Mapping[str, str] = {
    "desk/desk.yaml": _DESK,
    "desk/global.yaml": _GLOBAL,
    "desk/environments/production.yaml": _PRODUCTION,
    "desk/templates/calm.yaml": _CALM,
    "desk/bots/maker/bot.yaml": _MAKER,
    "desk/bots/maker/coins/ETH.yaml": _ETH,
    "desk/bots/engine/bot.yaml": _ENGINE,
    "desk/coins/BTC.LONG.yaml": _LONG,
    "schemas/trading.schema.json": _section(
        leverage=_leaf("integer", unit="x", minimum=1, maximum=125, default=5),
        spread_bps=_leaf("number", unit="bps", exclusiveMinimum=0, default=1),
        margin=_leaf("string", bump="major", hot=False, enum=["isolated", "cross"], default="isolated"),
        note=_leaf("string", bump="patch"),
        venues={**_leaf("array"), "items": {"type": "string"}},
        weights=_WEIGHTS,
    ),
    "schemas/risk.schema.json": _section(max_leverage=_leaf("integer", unit="x", bump="major", default=3)),
    "schemas/system.schema.json": _section(
        host=_leaf("string", bump="patch", hot=False, late=True),
        log_level=_leaf("string", bump="patch", default="WARNING"),
    ),
    "validators/.gitkeep": "",
}
"""The files of the first commit, by path from the repository's root."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository; commits have one author and a clock of their own, so that equal commits have equal ids."""

    root: Path

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files by path, or delete those that are None."""
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in a file."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write({path: text.replace(old, new)})

    def git(self, *arguments: str, hour: int = 0) -> str:
        """Run git as the desk's author and return what it prints."""
        people = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _who(hour)}
        clean = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", os.fspath(self.root), *arguments]
        env = {**os.environ, **people, **clean}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.strip()

    def commit(self, subject: str) -> str:
        """Commit everything, an hour after the commit before; return the id."""
        count = len(self.git("rev-list", "--all").split())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject, hour=count)
        return self.git("rev-parse", "HEAD")

    def at(self, revision: str = "HEAD") -> Prepared:
        """Prepare the desk as a commit has it."""
        with Objects(self.root) as objects:
            return prepare(CommitSource(objects, revision), FOLDER)

    def on_disk(self) -> Prepared:
        """Prepare the desk as the working tree has it."""
        return prepare(WorktreeSource(self.root, 0), FOLDER)


def _who(hour: int) -> tuple[tuple[str, str], ...]:
    return ("NAME", "desk"), ("EMAIL", "desk@example.invalid"), ("DATE", f"2026-01-01T{hour:02d}:00:00Z")


def start(root: Path) -> Repository:
    """Write the desk into a folder and commit it."""
    repository = Repository(root)
    root.mkdir(parents=True, exist_ok=True)
    repository.git("init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    repository.write(FILES)
    repository.commit("Start the desk")
    return repository
