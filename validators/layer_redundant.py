"""No line repeats what holds without it."""

from collections.abc import Iterator

from deskc.sdk import Finding, Layer, rule


@rule("LAYER001", level="layer")
def layer_redundant(layer: Layer) -> Iterator[Finding]:
    """A layer says what differs; a value that it only repeats hides that, and stays behind when the first one moves.

    Found is what every scope that reads the file has without it. A default may be spelled out, and what templates say,
    empty maps, `$unset`, `$replace` and references are left alone. A file is judged where all who read it are: `--bot`
    leaves out what others share. The examples are layers of an environment, a bot and a coin.

    PASS  [{trading: {leverage: 5}}, {trading: {max_retries: 2}}, {trading: {leverage: 3}}]
    PASS  [{trading: {leverage: 10}}]
    FAIL  [{trading: {leverage: 5}}, {trading: {leverage: 5}}]
    """
    for path, why in layer.vain.items():
        if not why.is_shadowed:
            yield Finding.at(
                path,
                why.other,
                message=f"{path} repeats the value that {why.other.file} sets already",
                help="delete the line, and a group that it leaves empty: nothing else changes",
                severity="warning",
            )
