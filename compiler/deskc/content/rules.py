"""Load rules: Python source compiled from the tree's bytes, never found on an import path."""

import ast
import linecache
import re
import sys
from collections.abc import Mapping
from hashlib import sha256
from types import CodeType, ModuleType
from typing import Any

from deskc import sdk
from deskc.core.documents import Tree
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome

__all__ = ["load_rules"]

_PURE = frozenset(
    {
        *(
            "__future__",
            "abc",
            "bisect",
            "calendar",
            "collections",
            "contextlib",
            "dataclasses",
            "datetime",
            "decimal",
            "enum",
        ),
        *("fractions", "functools", "heapq", "itertools", "math", "numbers", "operator", "re", "statistics", "string"),
        *("typing", "unicodedata", "zoneinfo"),
    }
)
"""The standard library's pure parts: nothing here opens a file or a connection."""

_SDK = "deskc.sdk"
_IMPORT = re.compile(rb"\bimport\b")
_PLAIN_IMPORT = re.compile(rb"^(?:import ([a-z_.]+)|from ([a-z_.]+) import [\w, ]+)$", re.MULTILINE)


def load_rules(tree: Tree, folder: str) -> Outcome[tuple[sdk.Rule, ...]]:
    """Load the rules of a tree, in the order of their files; two of one code are a finding."""
    rules: list[sdk.Rule] = []
    findings: list[Finding] = []
    for path in sorted(tree.files):
        if path.startswith(folder) and path.endswith(".py"):
            outcome = _rules_of(path, tree.files[path])
            rules += outcome.value
            findings += outcome.findings
    codes: dict[str, sdk.Rule] = {}
    for rule in rules:
        first = codes.setdefault(rule.code, rule)
        if first is not rule:
            message = f"the code {rule.code} is used twice"
            places = (Place(rule.file), Place(first.file, role="first used here"))
            findings.append(error("RULE003", message, "give each rule a code of its own", *places))
    return Outcome(tuple(codes.values()), tuple(findings))


def _rules_of(path: str, source: bytes) -> Outcome[tuple[sdk.Rule, ...]]:
    try:
        if not _imports_plainly(source):
            _refuse_imports(ast.parse(source, path))
        namespace = _run(path, source, compile(source, path, "exec"))
    except _NotPure as problem:
        way_out = "import deskc.sdk and the pure parts of the standard library only"
        place = Place(path, problem.line)
        return Outcome((), (error("RULE002", f"a rule may not import {problem.name}", way_out, place),))
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # noqa: BLE001 - a rule is the desk's code: even its SystemExit is a finding
        line = getattr(problem, "lineno", None) or 1
        message = f"the rule cannot be loaded: {type(problem).__name__}: {problem}"
        return Outcome((), (error("RULE001", message, "correct the rule", Place(path, line)),))
    title = (namespace["__doc__"] or "").lstrip().partition("\n")[0]
    found = tuple(value._replace(file=path, title=title) for value in namespace.values() if isinstance(value, sdk.Rule))
    if not found:
        way_out = "decorate a function with @rule, or delete the file"
        return Outcome((), (error("RULE004", "the file defines no rule", way_out, Place(path)),))
    return Outcome(found)


def _run(path: str, source: bytes, code: CodeType) -> Mapping[str, Any]:
    """Run a rule's module under a name that holds its source's digest, with its lines known to tracebacks."""
    name = f"deskc_rule_{sha256(source).hexdigest()[:16]}"
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # dataclasses look their module up by name
    text = source.decode()
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    exec(code, module.__dict__)  # noqa: S102 - rules are code, trusted as their tree is trusted
    return module.__dict__


class _NotPure(Exception):  # noqa: N818 - a signal inside this module
    """An import that a rule may not have."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name)
        self.name = name
        self.line = line


def _imports_plainly(source: bytes) -> bool:
    """Say whether each word `import` of a source belongs to a line of its own that imports what a rule may have.

    Then nothing else can be imported, and looking through the syntax tree, which costs more than compiling, finds no
    more.
    """
    names = ((plain[1] or plain[2]).decode() for plain in _PLAIN_IMPORT.finditer(source))
    return sum(map(_is_pure, names)) == len(_IMPORT.findall(source))


def _is_pure(name: str) -> bool:
    return name == _SDK or name.partition(".")[0] in _PURE


def _refuse_imports(parsed: ast.Module) -> None:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        for name in names:
            if not _is_pure(name):
                raise _NotPure(name, node.lineno)
