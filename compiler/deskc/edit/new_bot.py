"""Add a bot to a desk, begun from a template: its folder, and what the desk lacks of its strategy and venue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deskc.core.errors import DeskcError
from deskc.edit.addition import Addition
from deskc.edit.block import flow
from deskc.edit.editor import layer_schema_of
from deskc.edit.names import known_name, refuse_twin, valid_name
from deskc.edit.present import Present
from deskc.edit.splice import replaced
from deskc.edit.template import Template, exchange_layer, strategy_schema, template_of

__all__ = ["Asked", "new_bot"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A bot's name, and where and what it trades; what is left empty is the template's, or all of the desk's."""

    name: str
    exchange: str = ""
    environments: Sequence[str] = ()
    coins: Sequence[str] = ()


def new_bot(desk: Present, asked: Asked, *, template: str) -> Addition:
    """Return the files of a new bot; strategy, venue and parameters' schema come along where the desk lacks them.

    Raise DeskcError for a name that no bot or coin can have or that is there already, but for case too, for a template
    or an environment that is not there, and for a desk that has no level for what the template says.
    """
    begun = template_of(template)
    valid_name("bot", asked.name)
    if asked.name in desk.layers.bots or desk.declaration(asked.name) in desk.files:
        raise DeskcError(f"the desk has a bot {asked.name} already", help="give the new one another name")
    known = desk.layers.desk.environments
    filled = Asked(
        asked.name,
        valid_name("exchange", asked.exchange or begun.exchange),
        [known_name("environment", name, known) for name in asked.environments or known],
        [valid_name("coin", coin) for coin in asked.coins or begun.listed],
    )
    for index, coin in enumerate(filled.coins):
        refuse_twin("coin", coin, (*desk.coins, *filled.coins[:index]))
    layers = {path: text for path, text in _layers(desk, filled, begun).items() if path not in desk.files}
    return _with_schema(desk, begun.strategy, desk.led(layers))


def _layers(desk: Present, asked: Asked, begun: Template) -> Mapping[str, str]:
    """Return the layers that make a bot what the template says: its own, its strategy's and its venue's."""
    found = {desk.declaration(asked.name): _declaration(asked, begun)}
    for coin, text in begun.coins.items():
        if coin in asked.coins:
            found[desk.path(bot=asked.name, coin=coin)] = text
    found[desk.path(strategy=begun.strategy)] = begun.layer
    found |= {f"{desk.layers.desk.folder}{path}": text for path, text in begun.shared.items()}
    venue = exchange_layer(asked.exchange)
    return found if venue is None else {**found, desk.path(exchange=asked.exchange): venue}


def _declaration(asked: Asked, begun: Template) -> str:
    """Return the template's bot.yaml with what was asked for in the place of its own."""
    text = replaced(begun.declaration, ("bot", "exchange"), flow(asked.exchange))
    text = replaced(text, ("bot", "environments"), flow(list(asked.environments)))
    return replaced(text, ("bot", "coins"), flow(list(asked.coins)))


def _with_schema(desk: Present, strategy: str, layers: Mapping[str, str]) -> Addition:
    """Add the schema of the strategy's parameters where the desk has none, and let its editors know them."""
    folder = desk.layers.desk.schemas
    path = f"{folder}strategy/{strategy}.schema.json"
    if path in desk.files:
        return Addition(layers)
    broken = next((one for one in desk.prepared.findings if one.code.startswith("SCHEMA")), None)
    if broken is not None:
        raise DeskcError(broken.message, help="run deskc check, which says where")
    own = {path: strategy_schema(strategy)}
    there = {name: data.decode() for name, data in desk.files.items() if name.startswith(folder)}
    told = {desk.layer_schema: layer_schema_of({**there, **own}, folder)} if desk.layer_schema else {}
    return Addition({**layers, **own}, told)
