"""What the README shows and promises is what happens."""

import os
import re
import subprocess
from pathlib import Path

from command_line import DESKC, ROOT, Desk, environment

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEVELOPMENT = "config-repo/environments/development.yaml"


def blocks(language: str, text: str) -> list[str]:
    """Return the code blocks of a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_the_finding_it_shows_is_what_check_prints(desk: Desk) -> None:
    """The first screen shows real output, to the letter."""
    desk.edit(DEVELOPMENT, "leverage: 3 #", "leverage: 5 #")
    (shown,) = blocks("text", README)
    assert shown == f"$ deskc check --bot mm_multi_v1\n{desk.run('check', '--bot', 'mm_multi_v1').out}"


def test_the_five_minutes_work(tmp_path: Path) -> None:
    """Each command of the path succeeds in order, and the bot's lines run on what they made."""
    _, path = README.split("## Five minutes")
    shell = "".join(blocks("sh", path.split("\n## ")[0]))
    (python,) = blocks("python", path)
    who = {f"GIT_{role}_{what}": "owner" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    surroundings = environment(**who, PATH=f"{DESKC.parent}{os.pathsep}{os.environ['PATH']}")
    script = f"set -e\n{shell}\npython3 - <<'END'\n{python}\nprint(eth.trading.leverage, eth.stamp.git_sha)\nEND\n"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    leverage, sha = done.stdout.splitlines()[-1].split()
    assert leverage.isdigit()
    assert re.fullmatch("[0-9a-f]{40}", sha)
