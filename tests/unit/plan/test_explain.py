"""Explanations: the value, every layer that was consulted, the winner, what is known of the setting."""

from deskc.core.findings import Place
from deskc.core.scopes import ScopeId
from deskc.pipeline import Prepared
from deskc.plan.asked import scope_asked
from deskc.plan.explain import Explanation, explain
from small_desk import Repository


def explained(prepared: Prepared, key: str, *names: str) -> Explanation:
    """Explain a key of a scope that is there."""
    scope = scope_asked(prepared, ScopeId(*names)).value
    assert scope is not None
    assert prepared.layers is not None
    return explain(key, scope, prepared.layers)


def hits(told: Explanation) -> list[tuple[str, str | None, str, object, bool]]:
    """Return each time a layer spoke: layer, template, what it did, value, whether it won."""
    return [
        (layer.path, hit.template, hit.action, hit.leaf.value, hit.wins) for layer in told.layers for hit in layer.hits
    ]


def spot(place: Place | None) -> tuple[str, int, int] | None:
    """Return a place without its end."""
    return None if place is None else (place.path, place.line, place.column)


def test_every_layer_is_listed_in_the_order_of_the_hierarchy(desk: Repository) -> None:
    """Layers that a scope could read are listed whether or not their files exist; those of other axes are not."""
    told = explained(desk.at(), "trading.leverage", "production", "maker", "ETH")
    assert [(layer.path, layer.exists) for layer in told.layers] == [
        ("desk/global.yaml", True),
        ("desk/environments/production.yaml", True),
        ("desk/coins/ETH.yaml", False),
        ("desk/bots/maker/bot.yaml", True),
        ("desk/bots/maker/coins/ETH.yaml", True),
        ("desk/bots/maker/environments/production.yaml", False),
    ]


def test_the_last_to_speak_wins(desk: Repository) -> None:
    """Hits come in order with their templates, and the last one is the winner whose value and place are told."""
    told = explained(desk.at(), "trading.spread_bps", "production", "maker", "ETH")
    assert hits(told) == [
        ("desk/global.yaml", None, "set", 0.6, False),
        ("desk/bots/maker/bot.yaml", "desk/templates/calm.yaml", "set", 1.5, False),
        ("desk/bots/maker/coins/ETH.yaml", None, "set", 0.3, True),
    ]
    assert (told.is_set, told.value, spot(told.winner)) == (True, 0.3, ("desk/bots/maker/coins/ETH.yaml", 3, 15))


def test_templates_are_named_even_when_silent(desk: Repository) -> None:
    """A layer lists the templates it extends, also those that do not speak about the setting."""
    told = explained(desk.at(), "trading.leverage", "production", "maker", "SOL")
    (bot,) = (layer for layer in told.layers if layer.path == "desk/bots/maker/bot.yaml")
    assert (bot.templates, bot.hits) == (("desk/templates/calm.yaml",), ())


def test_a_default_wins_where_nobody_speaks(desk: Repository) -> None:
    """Layer 0 is the schema's default, with its own file and line."""
    told = explained(desk.at(), "trading.margin", "production", "maker", "ETH")
    assert told.default is not None
    assert told.default.wins
    assert told.winner == told.default.place
    assert told.default.place.path == "schemas/trading.schema.json"
    line = (desk.root / told.default.place.path).read_text(encoding="utf-8").splitlines()[told.default.place.line - 1]
    assert line.strip() == '"default": "isolated",'


def test_an_entry_of_a_maps_default_is_found(desk: Repository) -> None:
    """The default of a map's entry stands inside the map's default, and the map's notes hold for it."""
    told = explained(desk.at(), "trading.weights.a", "production", "maker", "ETH")
    assert told.winner is not None
    line = (desk.root / told.winner.path).read_text(encoding="utf-8").splitlines()[told.winner.line - 1]
    assert line.strip() == '"a": 1'
    assert (told.facts.unit, told.facts.bump, told.facts.hot) == ("weight", "patch", True)


def test_what_replace_dropped_is_not_set(desk: Repository) -> None:
    """A setting that `$replace` took away has no value, and the drop is the winner."""
    told = explained(desk.at(), "trading.weights.a", "production", "engine")
    assert hits(told) == [("desk/bots/engine/bot.yaml", None, "replace", True, True)]
    assert told.default is not None
    assert (told.is_set, told.value, told.winner, told.default.wins) == (False, None, None, False)


def test_what_unset_took_away_is_not_set(desk: Repository) -> None:
    """A setting that `$unset` took away names the layer that did."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "trading:\n", "trading:\n  weights: {$unset: [b]}\n")
    told = explained(desk.on_disk(), "trading.weights.b", "production", "maker", "ETH")
    assert [(action, wins) for _, _, action, _, wins in hits(told)] == [("set", False), ("unset", True)]
    assert not told.is_set


def test_an_optional_setting_that_nobody_set_is_explained(desk: Repository) -> None:
    """A setting without value or default can be asked for: every layer is silent."""
    told = explained(desk.at(), "trading.note", "production", "maker", "ETH")
    assert (told.is_set, told.default, hits(told)) == (False, None, [])


def test_a_default_fills_no_section_that_nobody_speaks_of(desk: Repository) -> None:
    """Where no layer speaks of the section the default is shown, and said not to apply."""
    told = explained(desk.at(), "system.log_level", "development", "maker")
    assert told.default is not None
    assert (told.is_set, told.default.applies, told.default.wins) == (False, False, False)


def test_a_reference_tells_what_it_was_bound_to(desk: Repository) -> None:
    """`${ref:…}` shows as written in its layer, the value is the target's, and the target has a place."""
    told = explained(desk.at(), "trading.leverage", "production", "engine", "BTC", "LONG")
    assert told.bound is not None
    assert (told.value, told.bound.text, told.bound.path) == (20, "${ref:risk.max_leverage}", "risk.max_leverage")
    assert spot(told.bound.place) == ("desk/global.yaml", 6, 17)
    assert spot(told.winner) == ("desk/coins/BTC.LONG.yaml", 2, 13)


def test_a_late_reference_is_told_as_such(desk: Repository) -> None:
    """What a bot binds when it loads has no value yet, but a name and perhaps a default."""
    told = explained(desk.at(), "system.host", "production", "engine")
    assert told.bound is not None
    assert (told.bound.path, told.bound.place) == (None, None)
    assert told.bound.reference == ("env", "HOST", "localhost")


def test_a_section_is_explained_setting_by_setting(desk: Repository) -> None:
    """A section or a map gives one line a setting, each with its place."""
    told = explained(desk.at(), "trading", "production", "maker", "ETH")
    assert told.lines is not None
    assert [(line.path, line.value, line.is_default) for line in told.lines] == [
        ("trading.leverage", 10, False),
        ("trading.margin", "isolated", True),
        ("trading.spread_bps", 0.3, False),
        ("trading.venues", ["main", "spare"], False),
        ("trading.weights.a", 1, True),
        ("trading.weights.b", 2, False),
    ]
    assert told.value["weights"] == {"a": 1, "b": 2}


def test_an_empty_map_is_explained_as_a_value(desk: Repository) -> None:
    """A map that `$replace` left empty is set, by the layer that emptied it."""
    desk.edit("desk/bots/engine/bot.yaml", "{$replace: true, c: 3}", "{$replace: true}")
    told = explained(desk.on_disk(), "trading.weights", "production", "engine")
    assert (told.is_set, told.value) == (True, {})
    assert hits(told) == [("desk/bots/engine/bot.yaml", None, "replace", True, True)]


def test_the_label_is_explained_like_a_setting(desk: Repository) -> None:
    """`config_version` has layers and a winner too."""
    told = explained(desk.at(), "config_version", "production", "maker", "ETH")
    assert hits(told) == [
        ("desk/bots/maker/bot.yaml", None, "set", "1.0.0", False),
        ("desk/bots/maker/coins/ETH.yaml", None, "set", "1.2.0", True),
    ]
    assert (told.value, told.config_version) == ("1.2.0", "1.2.0")


def test_what_is_known_of_a_setting_is_told(desk: Repository) -> None:
    """Unit, limits, bump and whether it is hot come from the schema, owners from the longest path of approvals."""
    facts = explained(desk.at(), "trading.leverage", "production", "maker", "ETH").facts
    assert (facts.unit, facts.bounds, facts.bump, facts.hot) == ("x", {"minimum": 1, "maximum": 125}, "minor", True)
    assert facts.owners == ("risk-owners", "traders")
    assert explained(desk.at(), "trading.margin", "production", "maker", "ETH").facts.owners == ("traders",)


def test_moving_the_winner_moves_the_value(desk: Repository) -> None:
    """A value written at the winner's line and column is the value that is explained then."""
    before = explained(desk.at(), "trading.spread_bps", "production", "maker", "SOL")
    assert before.winner is not None
    path = desk.root / before.winner.path
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    line = lines[before.winner.line - 1]
    lines[before.winner.line - 1] = line[: before.winner.column - 1] + "2.5\n"
    path.write_text("".join(lines), encoding="utf-8")
    assert explained(desk.on_disk(), "trading.spread_bps", "production", "maker", "SOL").value == 2.5
