"""A preset that does not contradict itself."""

from collections.abc import Iterator

from deskc.sdk import Finding, Layer, rule


@rule("LADDER003", level="layer")
def ladder_preset(layer: Layer) -> Iterator[Finding]:
    """A preset, `templates/ladder_NAME.yaml`, leaves room for a ladder by what it says over the defaults.

    It is judged as written, whether a layer extends it or not, since people choose it by name for searches.

    PASS  {ladder: {constraints: {m2_max: 0.8}, core: {num_orders: 12}}}
    FAIL  {ladder: {constraints: {m2_min: 0.6, m2_max: 0.5}}}
    """
    if "/templates/ladder_" not in f"/{layer.path}":
        return
    for contradiction in layer.contradictions():
        yield Finding.at(
            *contradiction.spots,
            message=contradiction.message,
            help="relax one of these bounds, or take a constraint out of enforce",
            severity=contradiction.severity,
        )
