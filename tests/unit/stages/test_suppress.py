"""What passes and what does not; what passes nothing is told."""

from hypothesis import given
from hypothesis import strategies as st

from deskc.core.decisions import NOTHING_DECIDED, NOTHING_HIDDEN, Accepted, Decisions, Suppression
from deskc.core.findings import Finding, Place
from deskc.pipeline import Selection
from deskc.stages.suppress import passing, suppress
from laws import laws
from suppressing import COIN, RULE, SAID, WIDE, codes, compiled

CODES = st.sampled_from(["A001", "B001"])
PATHS = st.sampled_from(["a.yaml", "b.yaml"])
LINES = st.integers(1, 3)
FINDINGS = st.lists(
    st.builds(
        Finding,
        CODES,
        st.sampled_from(["error", "warning"]),
        st.sampled_from(["one", "two"]),
        places=st.lists(st.builds(Place, PATHS, LINES), max_size=2).map(tuple),
    ),
    max_size=5,
).map(tuple)
COMMENTS = st.builds(
    Suppression,
    st.lists(CODES, min_size=1, max_size=2).map(tuple),
    st.just("2027-01-31"),
    st.just("x"),
    st.builds(Place, PATHS, LINES),
    st.lists(LINES, min_size=1, max_size=2).map(tuple),
    st.just(()),
)


@laws(200)
@given(findings=FINDINGS, comments=st.lists(COMMENTS, max_size=4), listed=FINDINGS)
def test_every_finding_is_judged_or_counted_once(
    findings: tuple[Finding, ...], comments: list[Suppression], listed: tuple[Finding, ...]
) -> None:
    """None is lost, a comment hides only its codes at its lines, and the order of comments says nothing."""
    baseline = tuple(Accepted(one.code, one.fingerprint, None, Place("b")) for one in listed)
    judged, hidden = suppress(findings, passing(Decisions(tuple(comments), baseline)))
    assert sorted(map(repr, (*judged, *hidden.suppressed, *hidden.baselined))) == sorted(map(repr, findings))
    for finding in findings:
        by_comment = any(
            finding.code in one.codes and place.path == one.place.path and place.line in one.lines
            for one in comments
            for place in finding.places
        )
        by_baseline = any((finding.code, finding.fingerprint) == (one.code, one.fingerprint) for one in listed)
        assert (finding in hidden.suppressed) == by_comment
        assert (finding in hidden.baselined) == (by_baseline and not by_comment)
    assert suppress(findings, passing(Decisions(tuple(reversed(comments)), baseline))) == (judged, hidden)


def test_where_nothing_was_decided_findings_stay_as_they_are() -> None:
    """The same tuple comes back, untouched."""
    findings = (Finding("A001", "error", "m", places=(Place("a.yaml"),)),)
    assert suppress(findings, passing(NOTHING_DECIDED)) == (findings, NOTHING_HIDDEN)


def test_what_is_suppressed_compiles() -> None:
    """The error is counted, and the snapshot is there as if it were none."""
    compilation = compiled({COIN: WIDE.format(" " + SAID)})
    assert (codes(compilation), len(compilation.snapshots), compilation.failed) == ([], 1, False)
    assert [finding.code for finding in compilation.hidden.suppressed] == ["OWN001"]


def test_a_comment_never_changes_a_digest() -> None:
    """Suppressing decides what is told, never what trades."""
    plain, said = (compiled({COIN: f"trading:\n  leverage: 3{said}\n"}) for said in ("", f" {SAID}"))
    assert [one.digest for one in plain.snapshots] == [one.digest for one in said.snapshots]


def test_another_line_s_finding_stays() -> None:
    """A comment speaks about its own line alone."""
    assert codes(compiled({COIN: f"trading:\n  size_usd: 5 {SAID}\n  leverage: 9\n"})) == ["SUP004", "OWN001"]


def test_a_shared_finding_is_one() -> None:
    """Two coins that read the value from one line are one finding, and one is counted."""
    bot = "bot: {exchange: venue, environments: [paper], coins: [ETH, SOL]}\n"
    shared = {"bots/maker/bot.yaml": f"{bot}{WIDE.format(' ' + SAID)}"}
    compilation = compiled(shared)
    assert codes(compilation) == []
    assert len(compilation.hidden.suppressed) == 1


def test_what_suppresses_nothing_is_told_once_everything_was_judged() -> None:
    """A warning, so that nothing breaks when a mistake is mended; silence where an error keeps a rule from judging."""
    idle = {COIN: f"trading:\n  leverage: 3 {SAID}\n"}
    (warning,) = compiled(idle).findings
    assert (warning.code, warning.severity, warning.help) == ("SUP004", "warning", "delete the suppression")
    assert warning.scopes == ("paper/maker",)
    assert compiled(idle, selection=Selection(bots=("maker",))).findings == ()
    assert codes(compiled({**idle, "global.yaml": "trading: 1\n"})) == ["TYPE001"]


def test_only_the_idle_codes_of_a_comment_are_named() -> None:
    """The other one is at work."""
    second = {"validators/second.py": _second_rule()}
    compilation = compiled({**second, COIN: WIDE.format(" " + SAID.replace("OWN001", "OWN001, OWN002"))})
    assert [finding.message for finding in compilation.findings] == [
        "OWN002 is suppressed here, where nothing is found"
    ]


def _second_rule() -> str:
    return '''"""Never anything."""

from deskc.sdk import Finding, rule


@rule("OWN002")
def never(scope):
    """Nothing."""
    return ()
'''


def test_a_rule_of_changes_is_not_idle_where_nothing_changed() -> None:
    """Whether it would find something only a change can say."""
    rule = _second_rule().replace('"OWN002"', '"OWN002", level="change"').replace("(scope)", "(before, after)")
    said = SAID.replace("OWN001", "OWN002")
    assert codes(compiled({"validators/second.py": rule, COIN: f"trading:\n  leverage: 3 {said}\n"})) == []


def test_a_rule_that_fails_is_never_let_pass() -> None:
    """What it guards is not guarded then, whatever its code's comments say."""
    broken = compiled({COIN: WIDE.format(" " + SAID)} | {RULE: _second_rule().replace("return ()", "return 1 / 0")})
    assert "RULE001" in codes(broken)
