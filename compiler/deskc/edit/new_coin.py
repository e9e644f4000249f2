"""Add a coin to a bot: an entry in the list of its bot.yaml, and a layer for what the coin has of its own."""

from collections.abc import Mapping, Sequence

from deskc.core.errors import DeskcError
from deskc.edit.addition import Addition
from deskc.edit.block import flow
from deskc.edit.names import known_name, refuse_twin, valid_name
from deskc.edit.present import Present
from deskc.edit.splice import appended
from deskc.edit.template import template_of

__all__ = ["new_coin"]

_EMPTY = "# {coin} alone: a setting written here overrides the bot's own. Until then {coin} trades with those.\n"
_BEGUN = "# {coin} alone, begun with what the template {template} gives {other}: keep what holds for {coin} as well.\n"


def new_coin(
    desk: Present, coin: str, *, bot: str, template: str | None = None, environments: Sequence[str] = ()
) -> Addition:
    """Return what makes a bot trade one more coin; where it lists coins by environment, in those named or in all.

    Raise DeskcError for a name that no coin can have or that is there already, but for case too, and for a bot, a
    template or an environment that is not there.
    """
    file = _declared(desk, bot)
    valid_name("coin", coin)
    refuse_twin("coin", coin, desk.coins)
    listed = _listed(desk, file, coin, bot=bot, environments=environments)
    layer = {desk.path(bot=bot, coin=coin): _layer(coin, template)}
    return Addition(desk.led({path: text for path, text in layer.items() if path not in desk.files}), {file: listed})


def _declared(desk: Present, bot: str) -> str:
    """Return the path of a bot's bot.yaml; raise DeskcError where there is none, or none that can be read."""
    file = desk.declaration(bot)
    if bot not in desk.layers.bots and file in desk.files:
        raise DeskcError(f"{file} has errors, so no coin can be added", help="run deskc check")
    known_name("bot", bot, desk.layers.bots)
    return file


def _layer(coin: str, template: str | None) -> str:
    """Return the layer's text: a template's values where one was asked for, else none, since each would be a guess."""
    if template is None:
        return _EMPTY.format(coin=coin)
    other, text = next(iter(template_of(template).coins.items()))
    return _BEGUN.format(coin=coin, template=template, other=other) + text.partition("\n")[2]


def _listed(desk: Present, file: str, coin: str, *, bot: str, environments: Sequence[str]) -> str:
    """Return the text of a bot.yaml that lists one more coin."""
    text = desk.files[file].decode()
    said = desk.layers.documents[file].data["bot"]["coins"]
    if isinstance(said, list):
        if environments:
            msg = f"{bot} trades the same coins in all its environments"
            raise DeskcError(msg, help="leave out --env, or list the coins by environment in bot.yaml")
        _refuse_listed(coin, bot, {"": said})
        return appended(text, ("bot", "coins"), flow(coin))
    wanted = [known_name("list of coins for", name, said, owner=bot) for name in environments or said]
    chosen = {name: said[name] for name in wanted}
    _refuse_listed(coin, bot, chosen)
    for name, coins in chosen.items():
        if coin not in coins:
            text = appended(text, ("bot", "coins", name), flow(coin))
    return text


def _refuse_listed(coin: str, bot: str, lists: Mapping[str, Sequence[str]]) -> None:
    if all(coin in coins for coins in lists.values()):
        raise DeskcError(f"{bot} trades {coin} already", help=f"see deskc versions list --bot {bot}")
