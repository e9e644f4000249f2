"""The codes of what judges a desk: schemas that break their dialect, rules that cannot be used."""

from deskc.core.codes.code import Code

__all__ = ["CODES"]

_SCHEMA = "schemas/monitoring.schema.json"
_RULE = "validators/size_limit.py"
_HEAD = '"""Small sizes only."""\n\n'
_BODY = '''\
from deskc.sdk import Finding, rule


@rule("OWN002", needs=("trading.size_usd",))
def size_limit(scope):
    """No scope trades more than 1000 usd at once.

    PASS  {trading: {size_usd: 100}}
    FAIL  {trading: {size_usd: 5000}}
    """
    if scope["trading.size_usd"] > 1000:
        yield Finding.at("trading.size_usd", message="size_usd is over 1000", help="lower trading.size_usd")
'''
_GOOD_RULE = _HEAD + _BODY


def _schema(inside: str) -> str:
    """Return a section's schema with these lines inside."""
    return f'{{\n  "type": "object",\n  "additionalProperties": false,\n{inside}}}\n'


_PORT = '  "properties": {"port": {"type": "integer", "minimum": 1}}\n'
_DEFINED = (
    '  "properties": {"port": {"$ref": "#/$defs/port"}},\n  "$defs": {"port": {"type": "integer", "minimum": 1}}\n'
)

CODES = (
    Code(
        "RULE001",
        "A rule failed.",
        why="What the rule guards is not guarded until it runs, so a desk whose rule fails does not compile.",
        fix="Correct the rule where the finding points.",
        bad={_RULE: _GOOD_RULE.replace('scope["trading.size_usd"] > 1000', 'scope["trading.size"] > 1000')},
        good={_RULE: _GOOD_RULE},
    ),
    Code(
        "RULE002",
        "A rule imports what it may not.",
        why="A rule judges the values it is given. With files, clock or network one commit would get two verdicts.",
        fix="Import deskc.sdk and the pure parts of the standard library alone.",
        bad={_RULE: _HEAD + "import os\n\n" + _BODY},
        good={_RULE: _HEAD + "import math\n\n" + _BODY},
    ),
    Code(
        "RULE003",
        "Two rules have one code.",
        why="A finding, a suppression and deskc rule name a rule by its code, so they would mean either.",
        fix="Give each rule a code of its own; codes of rules that are gone are not used again.",
        bad={_RULE: _GOOD_RULE.replace("OWN002", "OWN001")},
        good={_RULE: _GOOD_RULE},
    ),
    Code(
        "RULE004",
        "A file among the rules defines no rule.",
        why="Somebody believes that it guards something.",
        fix="Decorate its function with @rule, or delete the file.",
        bad={_RULE: _GOOD_RULE.replace('@rule("OWN002", needs=("trading.size_usd",))\n', "")},
        good={_RULE: _GOOD_RULE},
    ),
    Code(
        "SCHEMA001",
        "A schema cannot be read as JSON.",
        why="Without its schema a section judges nothing and cannot be used.",
        fix="Correct the JSON; a key may stand only once.",
        bad={_SCHEMA: _schema(_PORT).replace('"object",', '"object"')},
        good={_SCHEMA: _schema(_PORT)},
    ),
    Code(
        "SCHEMA002",
        "A schema is named after no section.",
        why="No setting is judged by it, though somebody wrote it for one.",
        fix="Rename the file to a section, or to strategy/NAME for a strategy's parameters.",
        bad={"schemas/monitor.schema.json": _schema(_PORT)},
        good={_SCHEMA: _schema(_PORT)},
    ),
    Code(
        "SCHEMA004",
        "A schema uses what the dialect does not have.",
        why="The compiler, editors and reference pages read one dialect. A keyword that one of them ignored would be a "
        "limit that only seems to hold.",
        fix="Say it with the dialect's keywords; what they cannot say is the business of a rule.",
        bad={_SCHEMA: _schema(_PORT.replace("minimum", "multipleOf"))},
        good={_SCHEMA: _schema(_PORT)},
    ),
    Code(
        "SCHEMA005",
        "A reference inside a schema leads nowhere, or in a circle.",
        why="What it describes would have no schema at all, or one without an end.",
        fix="Let each $ref name an entry of the same file's $defs.",
        bad={_SCHEMA: _schema(_DEFINED.replace("$defs/port", "$defs/prot"))},
        good={_SCHEMA: _schema(_DEFINED)},
    ),
    Code(
        "SCHEMA006",
        "A default is not what its own schema allows.",
        why="A default stands in every scope that says nothing, and no layer's check would ever look at it.",
        fix="Write a default within the setting's own type and bounds.",
        bad={_SCHEMA: _schema(_PORT.replace('"minimum": 1', '"minimum": 1, "default": 0'))},
        good={_SCHEMA: _schema(_PORT.replace('"minimum": 1', '"minimum": 1, "default": 80'))},
    ),
)
