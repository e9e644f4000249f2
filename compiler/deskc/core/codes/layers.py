"""The codes of what a layer says: sections and settings, their types and bounds, who may set them."""

from deskc.core.codes.code import Code

__all__ = ["CODES"]

_COIN = "bots/maker/coins/ETH.yaml"

CODES = (
    Code(
        "KEY001",
        "A top-level key is no section.",
        why="Everything under it would be ignored.",
        fix="Correct the name, or add a schema for the section.",
        bad={_COIN: "tradign:\n  leverage: 5\n"},
        good={_COIN: "trading:\n  leverage: 5\n"},
    ),
    Code(
        "KEY002",
        "A section does not have this setting.",
        why="Sections are closed, so that a misspelled setting is found here and not by a loss.",
        fix="Correct the name; deskc schema SECTION lists the section's settings.",
        bad={_COIN: "trading:\n  levrage: 5\n"},
        good={_COIN: "trading:\n  leverage: 5\n"},
    ),
    Code(
        "TYPE001",
        "A value has another type than its setting.",
        why="on, no and 12:30 are text here, as YAML 1.2 says; a bot that expects true or a number would misread them.",
        fix="Write a value of the type that the finding names, or quote what is meant as text.",
        bad={_COIN: "trading:\n  hedged: on\n"},
        good={_COIN: "trading:\n  hedged: true\n"},
    ),
    Code(
        "BOUND001",
        "A value lies outside its setting's bounds.",
        why="The schema says which values can be meant. What lies outside is a slip of the finger or of a unit.",
        fix="Write a value within the bounds; where they are wrong, change the schema in a commit of its own.",
        bad={_COIN: "trading:\n  leverage: 50\n"},
        good={_COIN: "trading:\n  leverage: 5\n"},
    ),
    Code(
        "ENUM001",
        "A value is none of those that its setting can have.",
        why="A bot knows what to do for the listed values only.",
        fix="Write one of the values that the finding lists.",
        bad={_COIN: "trading:\n  mode: makr\n"},
        good={_COIN: "trading:\n  mode: maker\n"},
    ),
    Code(
        "FORM001",
        "A value does not have its setting's form.",
        why="Times, versions and names are read by their form; another form would fail where a bot reads it.",
        fix="Write the value in the form that the schema describes.",
        bad={_COIN: "trading:\n  label: Calm 2\n"},
        good={_COIN: "trading:\n  label: calm\n"},
    ),
    Code(
        "REQ001",
        "Something required is missing.",
        why="The setting has no default, since no value is right for every desk, and a bot cannot run without it.",
        fix="Set it in one of the scope's layers, or take out the group that requires it.",
        bad={_COIN: "trading:\n  stop: {limit_pct: 3}\n"},
        good={_COIN: "trading:\n  stop: {trigger_pct: 2, limit_pct: 3}\n"},
    ),
    Code(
        "AXES001",
        "A layer sets what must not vary at its level.",
        why="A limit that every coin could lift would be none: who may set a setting is part of its schema.",
        fix="Set it in a layer that the finding names; the value then holds for all that read that layer.",
        bad={_COIN: "risk:\n  max_leverage: 20\n"},
        good={"global.yaml": "risk:\n  max_leverage: 20\n"},
    ),
)
