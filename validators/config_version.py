"""A label on what trades."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("LABEL001", needs=("trading.enabled",))
def config_version(scope: Scope) -> Iterator[Finding]:
    """What trades bears a config_version, by which people speak of its settings and compare how they did.

    PASS  {config_version: 1.0.0, trading: {enabled: true}}
    FAIL  {trading: {enabled: true}}
    """
    if scope.config_version is None:
        yield Finding.at(
            "config_version",
            message=f"{scope.coin or scope.bot} has no config_version",
            help="write config_version: 1.0.0 in the bot's bot.yaml, or in the layer of one of its coins",
        )
