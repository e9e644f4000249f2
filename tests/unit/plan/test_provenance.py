"""Provenance: who wrote the winning line, and which commit caused what trades."""

from pathlib import Path

from deskc.core.scopes import ScopeId
from deskc.gitio.history import LineAuthor
from deskc.pipeline import Prepared
from deskc.plan.asked import scope_asked
from deskc.plan.explain import explain
from deskc.plan.provenance import Cause, Provenance, Unknown, provenance
from small_desk import FOLDER, Repository

ETH = "desk/bots/maker/coins/ETH.yaml"


def traced(desk: Repository, prepared: Prepared, key: str = "trading.spread_bps", *names: str) -> Provenance:
    """Trace a setting, by default of the maker's ETH in production."""
    scope = scope_asked(prepared, ScopeId(*(names or ("production", "maker", "ETH")))).value
    assert scope is not None
    assert prepared.layers is not None
    return provenance(desk.root, prepared, explain(key, scope, prepared.layers), folder=FOLDER)


def cause(history: Provenance) -> tuple[str, tuple[str, ...]]:
    """Return the causing commit and what was skipped."""
    assert isinstance(history.cause, Cause)
    return history.cause.commit.sha, history.cause.skipped


def test_the_author_is_who_last_wrote_the_line(desk: Repository) -> None:
    """A line's author is the commit that wrote it, however the lines around it moved since."""
    first = desk.git("rev-parse", "HEAD")
    desk.edit(ETH, "config_version: 1.2.0\n", "# Wider.\n\nconfig_version: 1.2.0\n")
    desk.commit("Say why")
    author = traced(desk, desk.at()).author
    assert isinstance(author, LineAuthor)
    assert (author.sha, author.author, author.line) == (first, "desk", 3)


def test_the_author_of_a_default_is_the_schemas(desk: Repository) -> None:
    """Where the default wins its line in the schema has the author."""
    author = traced(desk, desk.at(), "trading.margin").author
    assert isinstance(author, LineAuthor)


def test_an_edited_line_has_no_author_yet(desk: Repository) -> None:
    """A line of the working tree that no commit has is not committed yet; one that only moved has its author."""
    desk.edit(ETH, "config_version: 1.2.0\n", "# Wider.\nconfig_version: 1.2.0\n")
    assert isinstance(traced(desk, desk.on_disk()).author, LineAuthor)
    desk.edit(ETH, "0.3", "0.4")
    history = traced(desk, desk.on_disk())
    assert history.author == Unknown("not committed yet")
    assert history.cause == Unknown("not committed yet")


def test_an_edit_that_trades_nothing_has_its_cause(desk: Repository) -> None:
    """A comment in the working tree leaves the digest, and so the causing commit, as they were."""
    first = desk.git("rev-parse", "HEAD")
    desk.edit(ETH, "trading:", "# No news.\ntrading:")
    assert cause(traced(desk, desk.on_disk())) == (first, ())


def test_the_cause_is_where_the_digest_began(desk: Repository) -> None:
    """Commits that leave the scope's settings alone are passed by; the one that changed them caused what trades."""
    desk.edit(ETH, "0.3", "0.4")
    wider = desk.commit("Quote ETH wider")
    desk.edit(ETH, "trading:", "# A comment.\ntrading:")
    desk.commit("Comment")
    desk.edit("desk/environments/production.yaml", "INFO", "DEBUG")
    desk.commit("Log more")
    desk.edit("desk/bots/engine/bot.yaml", "c: 3", "c: 4")
    desk.commit("Weigh anew")
    assert cause(traced(desk, desk.at())) == (wider, ())


def test_a_value_that_returns_has_a_new_cause(desk: Repository) -> None:
    """Going back to an old value is a new beginning: only what lies between now and the last other digest counts."""
    desk.edit(ETH, "0.3", "0.4")
    desk.commit("Wider")
    desk.edit(ETH, "0.4", "0.3")
    back = desk.commit("As before")
    assert cause(traced(desk, desk.at())) == (back, ())


def test_a_shared_layer_causes_too(desk: Repository) -> None:
    """A default or a template that changed is the cause as much as the scope's own file."""
    desk.edit("desk/templates/calm.yaml", "b: 2", "b: 5")
    template = desk.commit("Another template")
    assert cause(traced(desk, desk.at())) == (template, ())
    desk.edit("schemas/trading.schema.json", '"a": 1', '"a": 7')
    schema = desk.commit("Another default")
    assert cause(traced(desk, desk.at())) == (schema, ())


def test_a_new_scope_was_caused_by_what_declared_it(desk: Repository) -> None:
    """Before the commit that listed the coin there was no such scope."""
    desk.edit("desk/bots/maker/bot.yaml", "SOL]", "SOL, XRP]")
    listed = desk.commit("Trade XRP")
    assert cause(traced(desk, desk.at(), "trading.leverage", "production", "maker", "XRP")) == (listed, ())


def test_what_does_not_compile_is_skipped_and_said(desk: Repository) -> None:
    """A commit with an error wrote no snapshot: the digest began with the next that compiled, and the skip is told."""
    desk.edit(ETH, "0.3", "wide")
    broken = desk.commit("Break it")
    desk.edit(ETH, "wide", "0.4")
    mended = desk.commit("Mend it")
    assert cause(traced(desk, desk.at())) == (mended, (broken,))


def test_an_error_of_the_same_bot_elsewhere_counts(desk: Repository) -> None:
    """An error at another coin keeps the whole bot from compiling, so nothing began there."""
    desk.edit(ETH, "0.3", "0.4")
    desk.write({"desk/bots/maker/coins/SOL.yaml": "trading: {spread_bps: wide}\n"})
    broken = desk.commit("Wider, and broken at SOL")
    desk.edit("desk/bots/maker/coins/SOL.yaml", "wide", "2")
    mended = desk.commit("Mend SOL")
    assert cause(traced(desk, desk.at())) == (mended, (broken,))


def test_only_first_parents_cause(desk: Repository) -> None:
    """A change that came by a merge was caused by the merge."""
    desk.git("switch", "--quiet", "--create", "proposal")
    desk.edit(ETH, "0.3", "0.4")
    desk.commit("Propose")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-ff", "--message", "Merge the proposal", "proposal", hour=5)
    assert cause(traced(desk, desk.at())) == (desk.git("rev-parse", "HEAD"), ())


def test_a_shallow_clone_says_what_it_lacks(desk: Repository, tmp_path: Path) -> None:
    """Where the clone ends too early the cause cannot be known, the way out is named, and the rest is explained."""
    desk.edit("desk/bots/engine/bot.yaml", "c: 3", "c: 4")
    desk.commit("Elsewhere")
    desk.git("clone", "--quiet", "--depth=1", f"file://{desk.root}", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    history = traced(clone, clone.at())
    assert isinstance(history.cause, Unknown)
    assert "shallow clone" in history.cause.why
    assert "fetch-depth: 0" in history.cause.help


def test_a_shallow_clone_that_holds_the_cause_names_it(desk: Repository, tmp_path: Path) -> None:
    """Where the change lies inside the clone its depth does not matter."""
    desk.edit(ETH, "0.3", "0.4")
    wider = desk.commit("Wider")
    desk.git("clone", "--quiet", "--depth=2", f"file://{desk.root}", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert cause(traced(clone, clone.at())) == (wider, ())


def test_a_repository_without_commits_says_so(desk: Repository) -> None:
    """A fresh repository has neither author nor cause, and is explained all the same."""
    desk.git("update-ref", "-d", "HEAD")
    history = traced(desk, desk.on_disk())
    assert (history.author, history.cause) == (Unknown("the repository has no commit yet"),) * 2
