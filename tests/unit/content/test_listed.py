"""baseline.yaml and quarantine.yaml: what they hold, what is wrong with them, what is written."""

import pytest

from deskc.content.listed import baseline_text, read_baseline, read_quarantine
from deskc.core.decisions import Accepted
from deskc.core.findings import Finding, Place
from suppressing import codes, compiled

PRINT = "0123456789abcdef"
DIGEST = "0" * 64
WIDE = Finding("SIZE001", "error", "too wide: 5 over 3", "", (Place("coins/ETH.yaml", 2, 3),))


def test_an_entry_is_known_by_code_and_fingerprint() -> None:
    """Place and reason are for people."""
    text = f'- code: SIZE001\n  fingerprint: "{PRINT}"\n  place: a.yaml\n  reason: old\n'
    ((entry,), findings) = read_baseline("baseline.yaml", text.encode())
    assert findings == ()
    assert entry.fact == ("SIZE001", PRINT)
    assert (entry.reason, entry.place) == ("old", Place("baseline.yaml", 1, 9, 1, 16))


def test_a_withdrawal_without_a_coin_is_the_bot_s_own() -> None:
    """Left out and null are the same."""
    texts = (f'- {{params_digest: "{DIGEST}", bot: mm, reason: x{more}}}\n' for more in ("", ", coin: null"))
    one, other = read_quarantine("quarantine.yaml", "".join(texts).encode()).value
    assert one.fact == other.fact == (DIGEST, "mm", None)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n", "{}\n"])
def test_an_empty_list_is_none(text: str) -> None:
    """A file with nothing but comments decides nothing."""
    assert read_baseline("baseline.yaml", text.encode()) == ((), ())
    assert read_quarantine("quarantine.yaml", text.encode()) == ((), ())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- bot: mm\n  reason: x\n", "REQ001", 1),
        (f'- params_digest: "{DIGEST}"\n  bot: mm\n  reason: ""\n', "BOUND001", 3),
        (f'- params_digest: "{DIGEST}"\n  bto: mm\n  bot: mm\n  reason: x\n', "KEY002", 2),
        ("- params_digest: 1234abcd\n  bot: mm\n  reason: x\n", "FORM001", 1),
        ("- params_digest: 12345678\n  bot: mm\n  reason: x\n", "TYPE001", 1),
        (f'- params_digest: "{DIGEST}"\n  bot: mm\n  coin: [ETH]\n  reason: x\n', "TYPE001", 1),
        (f'params_digest: "{DIGEST}"\nbot: mm\nreason: x\n', "TYPE001", 1),
        ("one\n", "TYPE001", 1),
        ("- one\n", "TYPE001", 1),
        ("- &a one\n- *a\n", "YAML007", 1),
        ("- [\n", "YAML004", 2),
        ("- bot: mm\n---\n- bot: mm\n", "YAML008", 2),
    ],
)
def test_a_faulty_list_is_told_where_and_holds_nothing(text: str, code: str, line: int) -> None:
    """Half a quarantine would let through what its other half withdrew, so the desk does not compile."""
    compilation = compiled({"quarantine.yaml": text})
    assert code in codes(compilation)
    place = compilation.findings[0].places[0]
    assert (place.path, place.line) == ("quarantine.yaml", line)
    assert compilation.snapshots == ()


def test_a_misspelt_key_is_guessed() -> None:
    """The list's own keys are what may stand there."""
    text = f'- params_digest: "{DIGEST}"\n  bott: mm\n  bot: mm\n  reason: x\n'
    (finding,) = read_quarantine("quarantine.yaml", text.encode()).findings
    assert (finding.message, finding.help) == ("quarantine[0].bott is no setting", "did you mean bot?")
    (finding,) = read_quarantine("quarantine.yaml", text.replace("bott", "zzz").encode()).findings
    assert finding.help == "delete it; an entry holds params_digest, bot, coin, reason"


def test_hostile_lists_are_told_in_a_few_findings() -> None:
    """Thousands of faulty entries make no more findings than any file's faults."""
    assert 0 < len(read_baseline("b", b"- 1\n" * 20_000).findings) <= 20
    refused = f'- {{code: RISK001, fingerprint: "{PRINT}"}}\n' * 5_000
    assert 0 < len(read_baseline("b", refused.encode()).findings) <= 20


@pytest.mark.parametrize("code", ["RISK001", "AXES001", "SECRET001", "TYPE001", "QUAR001"])
def test_a_baseline_never_holds_what_is_protected(code: str) -> None:
    """Neither rules of risk and secrets, nor anything that the compiler itself finds."""
    entries, (finding,) = read_baseline("b", f'- {{code: {code}, fingerprint: "{PRINT}"}}\n'.encode())
    assert (entries, finding.code, finding.severity) == ((), "BASE002", "error")


def test_what_is_written_is_read_back() -> None:
    """Each finding once, in one order, and what a person wrote as the reason stays."""
    other = Finding("ALPHA001", "warning", 'odd "text"\n: #', "", (Place('b "c".yaml', 1, 1), Place("d.yaml")))
    before = [Accepted("SIZE001", WIDE.fingerprint, 'since: "2020"', Place("x"))]
    text = baseline_text([WIDE, other, WIDE], before)
    assert text == baseline_text([other, WIDE], before)
    assert text.startswith("# ")
    entries, findings = read_baseline("b", text.encode())
    assert findings == ()
    assert [(entry.fact, entry.reason) for entry in entries] == [
        (("ALPHA001", other.fingerprint), None),
        (("SIZE001", WIDE.fingerprint), 'since: "2020"'),
    ]
