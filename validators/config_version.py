"""A semantic label on what trades."""

import re
from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

NUMBER = "(0|[1-9][0-9]*)"
PRE = "(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
BUILD = "[0-9A-Za-z-]+"
SEMANTIC = re.compile(rf"{NUMBER}(\.{NUMBER}){{2}}(-{PRE}(\.{PRE})*)?(\+{BUILD}(\.{BUILD})*)?")


@rule("LABEL001")
def config_version(scope: Scope) -> Iterator[Finding]:
    """What trades bears a config_version, by which people speak of its settings and compare how they did.

    It is a semantic version (semver.org, 2.0.0), of a service too: its numbers tell how large a change was.

    PASS  {config_version: 1.0.0, trading: {enabled: true}}
    FAIL  {trading: {enabled: true}}
    FAIL  {config_version: v1, trading: {enabled: true}}
    """
    label = scope.config_version
    if scope.coin and label is None and scope.get("trading.enabled"):
        yield Finding.at(
            "config_version",
            message=f"{scope.bot} trades without a config_version",
            help="write config_version: 1.0.0 in the bot's bot.yaml, or in the layer of one of its coins",
            severity="warning",
        )
    elif label is not None and not SEMANTIC.fullmatch(label):
        yield Finding.at(
            "config_version",
            message=f"the label {label} is no semantic version" if label else "the label is empty",
            help="write major.minor.patch, such as 1.3.0",
        )
