"""Which suppressions count: codes, expiry, and the authority of the layer that they stand in."""

import pytest

from deskc.core.codes import TINY
from deskc.core.decisions import NOTHING_DECIDED
from suppressing import COIN, NOW, RISK, RULE, SAID, WIDE, codes, compiled, prepared, text_at

RISKY = SAID.replace("OWN001", "RISK901")
LIMIT = "environments/paper.yaml"
HERE = {COIN: WIDE.format("")}


def test_an_unknown_code_is_guessed() -> None:
    """The finding stays, and the comment says what was probably meant."""
    unknown, found = compiled({COIN: WIDE.format(" " + SAID.replace("OWN001", "OWN010"))}).findings[::-1]
    assert (found.code, unknown.code, unknown.severity) == ("OWN001", "SUP002", "error")
    assert (unknown.message, unknown.help) == ("no rule has the code OWN010", "did you mean OWN001?")


def test_one_bad_code_leaves_the_others() -> None:
    """What is known and allowed counts."""
    compilation = compiled({COIN: WIDE.format(" " + SAID.replace("OWN001", "OWN001, NOPE999, TYPE001"))})
    assert codes(compilation) == ["SUP002", "SUP005"]
    assert [finding.code for finding in compilation.hidden.suppressed] == ["OWN001"]


@pytest.mark.parametrize("code", ["AXES001", "YAML004", "KEY002", "TYPE001", "RULE001", "SUP006", "QUAR001"])
def test_what_the_compiler_finds_is_never_suppressed(code: str) -> None:
    """Reading, parsing and validating let nothing pass, nor does judging suppressions."""
    (finding,) = compiled({COIN: f"trading:\n  size_usd: 5 {SAID.replace('OWN001', code)}\n"}).findings
    assert (finding.code, finding.severity) == ("SUP005", "error")
    assert finding.help == f"mend what is found: deskc rule {code}"


def test_a_violated_axis_stays_whatever_a_comment_says() -> None:
    """The comment is an error of its own beside it."""
    said = SAID.replace("OWN001", "AXES001")
    assert codes(compiled({COIN: f"risk:\n  max_leverage: 9 {said}\n"})) == ["AXES001", "SUP005"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, []),
        (1_801_439_999, []),
        (1_801_440_000, ["OWN001", "SUP003"]),
        (1 << 62, ["OWN001", "SUP003"]),
        (-1, []),
    ],
)
def test_a_suppression_ends_with_its_day(now: int, expected: list[str]) -> None:
    """Judged at the tree's own time, in UTC, and no time is too far off."""
    assert codes(compiled({COIN: WIDE.format(" " + SAID)}, now=now)) == expected


def test_who_may_set_a_limit_may_suppress_its_rule_there() -> None:
    """The environment's line of the limit is where its authority ends."""
    compilation = compiled({**RISK, **HERE, LIMIT: f"risk:\n  max_leverage: 4 {RISKY}\n", RULE: both_ends()})
    assert codes(compilation) == []
    assert [finding.code for finding in compilation.hidden.suppressed] == ["RISK901"]


def both_ends() -> str:
    """Return the rule of risk with the limit as its second place."""
    return RISK[RULE].replace('"trading.leverage", message', '"trading.leverage", "risk.max_leverage", message')


def test_who_may_not_set_a_limit_may_not_suppress_its_rule() -> None:
    """A coin's comment is refused at both ends: where it stands, and where the schema says what the limit varies by."""
    files = {**RISK, COIN: WIDE.format(" " + RISKY)}
    compilation = compiled(files)
    assert codes(compilation) == ["RISK901", "SUP006"]
    refused = compilation.findings[1]
    assert refused.message == (
        "RISK901 may be suppressed by whoever may set risk.max_leverage, but this file varies by bot and coin"
    )
    levels = "global.yaml or environments/{environment}.yaml"
    assert refused.help == f"keep the limit here, or let {levels} suppress it where it is set"
    assert text_at(files, refused) == [RISKY, '["environment"]']
    assert compilation.snapshots == ()


def test_a_template_has_the_authority_of_those_who_extend_it() -> None:
    """A coin cannot borrow a comment from a template, an environment can."""
    files = {**RISK, RULE: both_ends(), "templates/t.yaml": f"risk:\n  max_leverage: 4 {RISKY}\n", **HERE}
    extends = "extends: [templates/t.yaml]\n"
    assert codes(compiled({**files, LIMIT: extends})) == []
    wide = {**files, "templates/t.yaml": WIDE.format(" " + RISKY), COIN: extends}
    assert codes(compiled(wide)) == ["RISK901", "SUP006"]
    shared = {**wide, LIMIT: extends + RISK[LIMIT]}
    assert codes(compiled(shared)) == ["RISK901", "SUP006"]


def test_an_ordinary_rule_is_suppressed_in_a_template() -> None:
    """Where the value stands, whoever extends it."""
    files = {"templates/t.yaml": WIDE.format(" " + SAID), COIN: "extends: [templates/t.yaml]\n"}
    assert codes(compiled(files)) == []


@pytest.mark.parametrize("family", ["RISK", "SECRET"])
def test_a_protected_rule_without_a_limit_is_the_whole_desk_s(family: str) -> None:
    """Where no limit says who may speak, only a layer that varies by nothing may."""
    rule = (
        RISK[RULE]
        .replace("RISK901", f"{family}901")
        .replace('needs=("trading.leverage", "risk.max_leverage")', "needs=()")
    )
    said = SAID.replace("OWN001", f"{family}901")
    files = {RULE: rule.replace('scope["risk.max_leverage"]', "5").replace('scope["trading.leverage"]', "9")}
    in_coin = compiled({**files, COIN: f"trading:\n  leverage: 3 {said}\n"})
    (refused,) = (finding for finding in in_coin.findings if finding.code == "SUP006")
    assert "by a layer that varies by nothing" in refused.message
    everywhere = compiled(
        {**files, "global.yaml": TINY["global.yaml"].replace("leverage: 3", f"leverage: 3 {said}", 1)}
    )
    assert codes(everywhere) == []


@pytest.mark.parametrize(
    "files",
    [
        {"desk.yaml": RISK["desk.yaml"].replace("format: 1", f"format: 1 {RISKY}")},
        {"bots/maker/bot.yaml": TINY["bots/maker/bot.yaml"].replace("\n", f" {RISKY}\n", 1)},
    ],
)
def test_what_sets_nothing_has_no_authority(files: dict[str, str]) -> None:
    """Neither desk.yaml nor a declaration is a layer that could set a limit."""
    (finding,) = compiled({**RISK, **files}).findings
    assert finding.code == "SUP006"
    assert finding.message.endswith("but this file is no layer that sets something")


@pytest.mark.parametrize("path", ["desk.yaml", "bots/maker/bot.yaml"])
def test_what_sets_nothing_suppresses_nothing(path: str) -> None:
    """A comment in desk.yaml or beside a declaration is told to go."""
    first, _, rest = TINY[path].partition("\n")
    (finding,) = compiled({path: f"{first} {SAID}\n{rest}"}).findings
    assert (finding.code, finding.severity, finding.places[0].path) == ("SUP004", "warning", path)


def test_a_rule_that_cannot_be_loaded_makes_no_code_unknown() -> None:
    """One mistake is told once."""
    assert codes(compiled({COIN: WIDE.format(" " + SAID), RULE: "import os\n"})) == ["RULE002"]


def test_a_desk_that_decides_nothing_has_decided_nothing() -> None:
    """Neither without the word nor with the word alone."""
    assert prepared({}).decisions is NOTHING_DECIDED
    assert prepared({COIN: "# deskc: is mentioned\n"}).decisions == NOTHING_DECIDED


def test_a_broken_file_has_no_comments() -> None:
    """What cannot be read is told, and nothing else of the file."""
    assert codes(compiled({COIN: f"trading:\n  leverage: [9 {SAID}\n"})) == ["YAML004"]


def test_thousands_of_unknown_codes_are_told_as_a_few() -> None:
    """Guessing at each would take longer than compiling."""
    listed = ",".join(f"NOPE{number}" for number in range(20_000))
    found = codes(compiled({COIN: f"trading:\n  size_usd: 5 {SAID.replace('OWN001', listed)}\n"}))
    assert set(found) == {"SUP002"}
    assert len(found) <= 20
