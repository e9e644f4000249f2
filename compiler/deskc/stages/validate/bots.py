"""Read what bots declare in their bot.yaml, and check the names that they use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from deskc.core import paths
from deskc.core.desk import Bot
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.violations import close_to
from deskc.stages.validate.placed import Given, Placed
from deskc.stages.validate.spots import in_document

__all__ = ["Declared", "declared_bots"]


class Declared(NamedTuple):
    """The bots of a desk, and the names of those whose declaration cannot be used."""

    bots: Mapping[str, Bot]
    faulty: frozenset[str]


_FIRST = "add its parameters' schema to the folder strategy of the desk's schemas"  # no strategy has one yet


class _Use(NamedTuple):
    """A name that a declaration uses: where it stands, what it may be, and the word for it."""

    path: str
    name: str
    known: Iterable[str]
    what: str
    is_key: bool = False


def declared_bots(placed: Sequence[Placed], given: Given) -> Outcome[Declared]:
    """Read each bot.yaml; coins whose names differ only by case are a finding."""
    bots: dict[str, Bot] = {}
    faulty: set[str] = set()
    findings: list[Finding] = []
    declarations: dict[str, Document] = {}
    for file in placed:
        if file.pattern.declares:
            outcome = _declared(file.names["bot"], file.document, given)
            findings += outcome.findings
            if outcome.value is None:
                faulty.add(file.names["bot"])
            else:
                bots[outcome.value.id] = outcome.value
                declarations[outcome.value.id] = file.document
    return Outcome(Declared(bots, frozenset(faulty)), (*findings, *_case_twins(bots, declarations)))


def _declared(name: str, document: Document, given: Given) -> Outcome[Bot | None]:
    """Read one bot's declaration; the value is None where it cannot be used."""
    if document.broken:
        return Outcome(None)
    scopes = given.targets(name)
    said = document.data.get("bot")
    if said is None:
        message = f"the bot {name} declares no bot: section"
        way_out = "write bot: {exchange: …, strategy: …, environments: […], coins: […]}"
        return Outcome(None, (error("BOT002", message, way_out, Place(document.path), scopes=scopes),))
    schema = given.schemas.sections["bot"]
    wrong = [in_document(document, violation, schema, given.schemas) for violation in schema.violations(said)]
    if not wrong:
        bot = _bot(name, said)
        wrong = list(_unknown_names(bot, said, document, given))
        if not wrong:
            return Outcome(bot)
    return Outcome(None, tuple(error(one.code, one.message, one.help, *one.places, scopes=scopes) for one in wrong))


def _unknown_names(bot: Bot, said: Mapping[str, Any], document: Document, given: Given) -> Iterator[Finding]:
    for use in _names_used(bot, said, given):
        if use.name not in use.known:
            guess = close_to(use.name, use.known)
            leaf = document.find(use.path)
            known = ", ".join(sorted(use.known))
            way_out = f"did you mean {guess}?" if guess else f"write one of: {known}" if known else _FIRST
            place = Place(document.path) if leaf is None else leaf.key_place() if use.is_key else leaf.place()
            yield error("BOT003", f"{use.name} is no {use.what}", way_out, place)


def _names_used(bot: Bot, said: Mapping[str, Any], given: Given) -> Iterator[_Use]:
    listed: list[str] = said["environments"]
    for index, environment in enumerate(listed):
        yield _Use(f"bot.environments[{index}]", environment, given.desk.environments, "environment of this desk")
    if isinstance(said["coins"], dict):
        for environment in said["coins"]:
            yield _Use(
                paths.child("bot.coins", environment), environment, listed, "environment of this bot", is_key=True
            )
    if bot.strategy is not None:
        yield _Use("bot.strategy", bot.strategy, given.schemas.strategies, "strategy with a schema")


def _bot(name: str, said: Mapping[str, Any]) -> Bot:
    """Read a declaration that its schema has accepted."""
    coins = said["coins"]
    return Bot(
        id=name,
        exchange=said.get("exchange"),
        strategy=said.get("strategy"),
        coins={
            environment: tuple(coins.get(environment, ()) if isinstance(coins, dict) else coins)
            for environment in said["environments"]
        },
        sides=tuple(said.get("sides", ())),
        formerly=tuple(said.get("formerly", ())),
        account=said.get("account"),
    )


def _case_twins(bots: Mapping[str, Bot], declarations: Mapping[str, Document]) -> Iterator[Finding]:
    """Refuse coins that differ only by case: file systems and people mix them up."""
    seen: dict[str, tuple[str, Bot]] = {}
    for bot in bots.values():
        for coin in sorted({coin for coins in bot.coins.values() for coin in coins}):
            first, other = seen.setdefault(coin.casefold(), (coin, bot))
            if first != coin:
                places = (_listed(declarations[bot.id], coin), _listed(declarations[other.id], first))
                message = f"the coins {first} and {coin} differ only by case"
                yield error("BOT004", message, "use one spelling", *places, scopes=(*bot.targets, *other.targets))


def _listed(document: Document, coin: str) -> Place:
    """Return where a declaration lists a coin."""
    inside = (leaf for leaf in document.items.values() if leaf.value == coin and leaf.path.startswith("bot.coins"))
    return next((leaf.place() for leaf in inside), Place(document.path))
