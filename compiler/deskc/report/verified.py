"""What a check of snapshots proved: a line a bot for people, one object for programs."""

from json import dumps

from deskc.publish.verify import REVIEWED, Checked, Verdict
from deskc.report.table import table

__all__ = ["verified_json", "verified_text"]

_SHOWN = 12  # digits of a digest
_PROVEN = {
    True: "the keys that the trusted root leads to signed each for its bot, and every byte is the one signed",
    False: "every byte is the one that its digest names; who published it is not proven",
}


def verified_text(verdict: Verdict) -> str:
    """Write a line a target, what is wrong where something is, and what the others prove."""
    rows = [
        (one.target, *(text and text[:_SHOWN] for text in (one.digest, one.commit)), one.scopes or None, _state(one))
        for one in verdict.snapshots
    ]
    wrong = [f"{one.target}: {one.error}" for one in verdict.snapshots if one.error]
    sound = len(rows) - len(wrong)
    proven = f"Proven of {sound} of {len(rows)}: {verdict.proves}: {_PROVEN[verdict.proves == REVIEWED]}."
    last = proven if sound else "Proven: nothing."
    return table(rows, ("bot", "snapshot", "commit", "scopes", "")) + "\n".join((*wrong, last, ""))


def _state(one: Checked) -> str:
    return "refused" if one.error else "whole"


def verified_json(verdict: Verdict) -> str:
    """Write source, what is proven of each snapshot (null for nothing), and why not."""
    told = {
        "source": verdict.source,
        "snapshots": [
            {
                **one.target._asdict(),
                "digest": one.digest,
                "commit": one.commit,
                "scopes": one.scopes,
                "proves": None if one.error else verdict.proves,
                "error": one.error,
            }
            for one in verdict.snapshots
        ],
    }
    return dumps(told, ensure_ascii=False, indent=2) + "\n"
