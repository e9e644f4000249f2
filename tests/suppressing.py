"""A desk in memory whose coin breaks a rule, for tests of what lets findings pass."""

import re
from collections.abc import Mapping

from deskc.core.codes import TINY
from deskc.core.findings import Finding
from deskc.pipeline import Compilation, Prepared, Selection, compile_desk, judged_by, prepare
from in_memory import InMemory

__all__ = [
    "COIN",
    "NOW",
    "RISK",
    "RULE",
    "SAID",
    "WIDE",
    "codes",
    "compiled",
    "compiled_against",
    "prepared",
    "text_at",
]

COIN = "bots/maker/coins/ETH.yaml"
RULE = "validators/leverage_limit.py"
SAID = "# deskc: ignore[OWN001] until 2027-01-31: migrating"
WIDE = "trading:\n  leverage: 9{}\n"
NOW = 1_800_000_000
"""2027-01-15T08:00:00Z."""

RISK: Mapping[str, str] = {
    RULE: re.sub("OWN001", "RISK901", TINY[RULE]),
    "desk.yaml": TINY["desk.yaml"].replace(
        "  - bots/{bot}/bot", "  - environments/{environment}.yaml\n  - bots/{bot}/bot"
    ),
    "environments/paper.yaml": "risk:\n  max_leverage: 4\n",
}
"""The same rule as one of risk, and an environment that sets the limit."""


def prepared(files: Mapping[str, str | bytes], *, now: int = NOW) -> Prepared:
    """Prepare the tiny desk with these files laid over it, at a time in unix seconds."""
    source = InMemory({**TINY, **files})
    source.now = now
    return prepare(source, "")


def compiled(files: Mapping[str, str | bytes], *, now: int = NOW, selection: Selection | None = None) -> Compilation:
    """Compile the tiny desk with these files laid over it, at a time in unix seconds."""
    return compile_desk(prepared(files, now=now), selection or Selection())


def compiled_against(base: Mapping[str, str | bytes], head: Mapping[str, str | bytes]) -> Compilation:
    """Compile a head whose decisions count only as far as its base has them."""
    return compile_desk(judged_by(prepared(head), prepared(base)))


def codes(compilation: Compilation) -> list[str]:
    """Return the codes of what was found, in the order of the findings."""
    return [finding.code for finding in compilation.findings]


def text_at(files: Mapping[str, str | bytes], finding: Finding) -> list[str]:
    """Return the text at each place of a finding."""
    texts = []
    for place in finding.places:
        data = {**TINY, **files}[place.path]
        line = (data.decode() if isinstance(data, bytes) else data).split("\n")[place.line - 1]
        texts.append(line[place.column - 1 : place.end_column - 1])
    return texts
