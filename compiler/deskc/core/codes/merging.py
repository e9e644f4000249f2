"""The codes of how layers come together: $unset and $replace, templates, references."""

from deskc.core.codes.code import Code

__all__ = ["CODES"]

_COIN = "bots/maker/coins/ETH.yaml"
_CALM = "templates/calm.yaml"

CODES = (
    Code(
        "MERGE001",
        "$unset names a setting that cannot be without a value.",
        why="A default fills the setting again at once, or the section requires it, so taking it away says nothing.",
        fix="Write the value that you want.",
        bad={_COIN: "trading:\n  $unset: [leverage]\n"},
        good={_COIN: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "MERGE002",
        "$replace stands where the settings are fixed.",
        why="It drops what is inherited from a free map, such as weights by name. A fixed group has nothing to drop.",
        fix="Write the settings that you want to change.",
        bad={_COIN: "trading:\n  $replace: true\n  leverage: 1\n"},
        good={_COIN: "trading:\n  weights: {$replace: true, calm: 2}\n"},
    ),
    Code(
        "MERGE003",
        "A key that starts with $ is no operation.",
        why="It would look as if it did something.",
        fix="Write $unset: [key] or $replace: true.",
        bad={_COIN: "trading:\n  weights: {$remove: [steady], calm: 2}\n"},
        good={_COIN: "trading:\n  weights: {$unset: [steady], calm: 2}\n"},
    ),
    Code(
        "EXT001",
        "Templates extend each other in a circle.",
        why="Each would have to come before the other, so no order of them is right.",
        fix="Take one of them out of the circle.",
        bad={
            _COIN: f"extends: [{_CALM}]\n",
            _CALM: "extends: [templates/wild.yaml]\n",
            "templates/wild.yaml": f"extends: [{_CALM}]\n",
        },
        good={_COIN: f"extends: [{_CALM}]\n", _CALM: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "EXT002",
        "A layer extends a template that is not there.",
        why="The settings that the layer relies on would be missing.",
        fix="Correct the path, which starts at the desk's folder, or add the template.",
        bad={_COIN: "extends: [templates/clam.yaml]\n"},
        good={_COIN: f"extends: [{_CALM}]\n", _CALM: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "EXT003",
        "A template holds what belongs to a layer.",
        why="A template is read by many layers. A bot's declaration or label in it would be one bot's no longer.",
        fix="Move it to the layer; templates hold sections and extends alone.",
        bad={_COIN: f"extends: [{_CALM}]\n", _CALM: "config_version: 1.1.0\ntrading:\n  leverage: 1\n"},
        good={_COIN: f"extends: [{_CALM}]\nconfig_version: 1.1.0\n", _CALM: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "EXT004",
        "extends is no list of files.",
        why="Several templates apply in the order in which they are listed, so even one is written as a list.",
        fix="Write extends: [templates/name.yaml].",
        bad={_COIN: f"extends: {_CALM}\n"},
        good={_COIN: f"extends: [{_CALM}]\n", _CALM: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "EXT005",
        "A layer extends a file that is itself a layer.",
        why="The file would speak twice, at two levels, and whoever edits it could not see whom it reaches.",
        fix="Move what is shared to a template that both name.",
        bad={_COIN: "extends: [global.yaml]\n"},
        good={_COIN: f"extends: [{_CALM}]\n", _CALM: "trading:\n  leverage: 1\n"},
    ),
    Code(
        "REF001",
        "A text holds a reference that cannot be read.",
        why="References stand for a whole setting, so that its type can be judged and its origin shown.",
        fix="Make ${ref:…}, ${env:…} or ${secret:…} the whole value, or write $${ for a literal ${.",
        bad={_COIN: "trading:\n  label: calm${ref:trading.mode}\n"},
        good={_COIN: "trading:\n  label: ${ref:trading.mode}\n"},
    ),
    Code(
        "REF002",
        "A setting that trades would come from outside the desk.",
        why="What trades must stand in the commit. A variable would change it without a version or a review.",
        fix="Write the value here. What may come from outside, such as a host, has a schema that says late.",
        bad={_COIN: "trading:\n  label: ${LABEL}\n"},
        good={"global.yaml": "system:\n  host: ${DB_HOST}\n"},
    ),
    Code(
        "REF003",
        "References lead back to where they began.",
        why="None of the settings in the circle has a value.",
        fix="Write a value at one of them.",
        bad={_COIN: "trading:\n  label: ${ref:trading.mode}\n  mode: ${ref:trading.label}\n"},
        good={_COIN: "trading:\n  label: ${ref:trading.mode}\n  mode: taker\n"},
    ),
    Code(
        "REF004",
        "A reference names no scalar setting of its scope.",
        why="There is no value to take: the name is wrong, a list or map, or no layer of the scope sets it.",
        fix="Correct the path; deskc explain shows what a scope holds.",
        bad={_COIN: "trading:\n  size_usd: ${ref:risk.max_levrage}\n"},
        good={_COIN: "trading:\n  size_usd: ${ref:risk.max_leverage}\n"},
    ),
    Code(
        "REF005",
        "A reference names a setting that is bound only when a bot loads.",
        why="The compiler does not know the value yet, and must not: it may be a secret.",
        fix="Write the same late reference in both places, or refer to a setting with a value.",
        bad={"global.yaml": "system:\n  host: ${DB_HOST}\n  replica: ${ref:system.host}\n"},
        good={"global.yaml": "system:\n  host: ${DB_HOST}\n  replica: ${DB_HOST}\n"},
    ),
)
