"""No line is overruled everywhere."""

from collections.abc import Iterator

from deskc.sdk import Finding, Layer, rule


@rule("LAYER002", level="layer")
def layer_shadowed(layer: Layer) -> Iterator[Finding]:
    """A value that more specific layers set anew in every scope misleads whoever reads it, or changes it.

    Found is what wins in no scope that reads the file. What templates say, empty maps, `$unset`, `$replace` and
    references are left alone. A file is judged where all who read it are: `--bot` leaves out what others share.
    The examples are layers of an environment, a bot and a coin.

    PASS  [{trading: {leverage: 5}}, {trading: {max_retries: 2}}, {trading: {leverage: 3}}]
    FAIL  [{trading: {leverage: 5}}, {trading: {leverage: 3}}]
    """
    for path, why in layer.vain.items():
        if why.is_shadowed:
            yield Finding.at(
                path,
                why.other,
                message=f"{path} holds nowhere: all that read it set it anew, such as {why.other.file}",
                help="delete the line, and a group that it leaves empty; or what overrules it where it should hold",
                severity="warning",
            )
