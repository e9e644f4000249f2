"""Write the reference pages that follow from the code: rules, parameters, the command line. `--check` names stale ones.

Run by `make docs`; `make lint` runs it with `--check`.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from deskc.cli.lazy import built
from deskc.cli.reference import Content, came_with_deskc, rules
from deskc.cli.schema import sections
from deskc.cli.verbs import VERBS
from deskc.core.codes import CODES
from deskc.report.rule import Explained, Shown, built_in, of_rule
from deskc.report.settings import Described, Section, advice, facts, settings

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
WIDTH = 96  # of the help texts, whatever terminal they are generated in
LANGUAGES = {".json": "json", ".py": "python", ".yaml": "yaml"}
CODE = ("default", "examples", "form")  # what is said of a setting as JSON or as a regular expression
FAMILIES: Mapping[str, str] = {
    "AXES": "Who may set what",
    "BASE": "The baseline",
    "BOT": "Bots",
    "BOUND": "Values",
    "DESK": "The desk",
    "ENUM": "Values",
    "EXT": "Templates",
    "FORM": "Values",
    "JSON": "Moving in from JSON",
    "KEY": "Sections and settings",
    "MARKET": "Market facts",
    "MERGE": "Merging",
    "OPT": "What ladders are worth",
    "PATH": "The desk",
    "QUAR": "The quarantine",
    "READ": "Files",
    "REF": "References",
    "REQ": "Values",
    "RULE": "Rules",
    "SCHEMA": "Schemas",
    "SIGN": "Signatures",
    "SUP": "Suppressions",
    "TYPE": "Values",
    "VER": "Labels",
    "YAML": "Strict YAML",
}
"""What the letters of a built-in code stand for."""


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` return 1 and name those that are stale."""
    content = came_with_deskc()
    stale = [path for path, page in pages(content).items() if not path.is_file() or path.read_text("utf-8") != page]
    if arguments == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run make docs", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(pages(content)[path], "utf-8")
    print(f"docs/reference: {len(stale)} of 3 pages written anew")
    return 0


def pages(content: Content) -> Mapping[Path, str]:
    """Return every generated page by its path."""
    made: Mapping[str, Callable[[], Iterator[str]]] = {
        "rules.md": lambda: rules_page(content),
        "parameters.md": lambda: parameters_page(content),
        "cli.md": cli_page,
    }
    return {FOLDER / name: "\n".join([*page(), ""]) for name, page in made.items()}


# Rules


def rules_page(content: Content) -> Iterator[str]:
    """Yield the lines of the page of rules: those of the validators, then built-in codes by family."""
    yield from _head("Rules and codes", "`deskc rule CODE` shows one of them. Codes are never used twice.")
    own = [of_rule(rule) for rule in rules(content)]
    yield from ("", "## Rules that came with deskc", "", "One file each in `validators/`. A desk owns its copies.")
    for explained in sorted(own, key=lambda one: one.code):
        yield from _explained(explained)
    families: dict[str, list[Explained]] = {}
    for code, entry in CODES.items():
        families.setdefault(FAMILIES[code.rstrip("0123456789")], []).append(built_in(entry))
    for family, entries in sorted(families.items()):
        yield from ("", f"## {family}")
        for explained in entries:
            yield from _explained(explained)


def _explained(one: Explained) -> Iterator[str]:
    yield from ("", f"### {one.code}", "", f"**{_text(one.title)}** {_text(one.why)}")
    if one.fix:
        yield from ("", _text(one.fix))
    if one.kind == "rule":
        needs = ", ".join(f"`{path}`" for path in one.needs)
        facts = ", ".join(f"`{name}`" for name in one.facts)
        market = f"; needs these facts of the market: {facts}" if facts else ""
        reads = f"; reads {needs}" if needs else ""
        yield from ("", f"Judges each {one.level}{reads}{market}. Defined in `{one.file}`.")
    yield from _examples("Bad", one.bad)
    yield from _examples("Good", one.good)


def _examples(verdict: str, examples: tuple[Shown, ...]) -> Iterator[str]:
    for example in examples:
        where = "" if example.path is None else f": `{example.path}`"
        language = LANGUAGES.get(Path(example.path or "any.yaml").suffix, "text")
        yield from ("", f"{verdict}{where}", "", f"```{language}", example.text, "```")


# Parameters


def parameters_page(content: Content) -> Iterator[str]:
    """Yield the lines of the page of parameters: a table for each section, then each setting."""
    yield from _head("Parameters", "`deskc schema SECTION` shows the same from the desk at hand.")
    for section in sections(content):
        name = f"{section.name} of {section.strategy}" if section.strategy else section.name
        yield from ("", f"## {name}", "", _text(section.document["description"]))
        if section.leaves:
            yield from ("", "| setting | type | default | bounds | unit |", "|---|---|---|---|---|")
            yield from map(_row, section.leaves)
        for one in settings(section):
            yield from _setting(one, section)


def _row(one: Described) -> str:
    said = facts(one)
    cells = [said.get(name, "") for name in ("type", "default", "bounds", "unit")]
    return " | ".join([f"| `{one.path}`", *(_text(cell).replace("|", "\\|") for cell in cells)]) + " |"


def _setting(one: Described, section: Section) -> Iterator[str]:
    yield from ("", f"### `{one.path}`", "", _text(one.schema.get("description", "")))
    if one.is_group:
        return
    readers = ", ".join(f"[{code}](rules.md#{code.lower()})" for code in section.readers(one.path))
    said = {**facts(one), **advice(one), "rules": readers}
    yield ""
    for name, text in said.items():
        if name in CODE and text not in ("none", "required"):
            yield f"- {name}: `{text}`"
        elif "\n" in text:
            yield f"- {name}:"
            yield from (f"  - {_text(line)}" for line in text.split("\n"))
        elif text:
            yield f"- {name}: {text if name == 'rules' else _text(text)}"


# The command line


def cli_page() -> Iterator[str]:
    """Yield the lines of the page of the command line: the help of every verb, as it prints it."""
    exits = "0 fine, 1 an error was found, 2 wrong usage, environment or I/O, 130 interrupted"
    yield from _head("Command line", f"Exit codes: {exits}. `deskc VERB --help` prints what stands here.")
    yield from ("", "| verb | does |", "|---|---|")
    yield from (f"| [`{verb}`](#deskc-{verb}) | {does} |" for verb, does in VERBS.items())
    for verb in VERBS:
        yield from _verb(built(verb, VERBS, "deskc.cli"), f"deskc {verb}")


def _verb(command: object, name: str) -> Iterator[str]:
    """Yield a verb's help, and that of the verbs inside it."""
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=WIDTH)  # type: ignore[attr-defined]
    yield from ("", f"## {name}", "", "```text", command.get_help(context), "```")  # type: ignore[attr-defined]
    for inner in getattr(command, "commands", {}):
        yield from _verb(command.get_command(context, inner), f"{name} {inner}")  # type: ignore[attr-defined]


# Markdown


def _head(title: str, said: str) -> Iterator[str]:
    yield from (f"# {title}", "", "<!-- Written by `make docs`; edit the code instead. -->", "", said)


def _text(text: str) -> str:
    """Keep what Markdown would take for markup as it is."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
