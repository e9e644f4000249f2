"""OmegaConf's own merge over PyYAML's C safe loader, on the first `--scopes` coin scopes only: all take a minute."""

import sys
from itertools import islice
from pathlib import Path
from typing import Any, cast

from naive import SECTIONS, Desk, Scope, absent, open_desk, write


def main() -> int:
    """Compile a subset of the desk, or say that OmegaConf is not here."""
    try:
        from omegaconf import OmegaConf
        from yaml import CSafeLoader, load
    except ImportError as error:
        return absent(str(error))
    import json

    def read(path: Path) -> dict[str, Any]:
        document: dict[str, Any] = load(path.read_bytes(), CSafeLoader)
        return document

    desk = open_desk(Path(sys.argv[1]), read)
    configs = {
        path: OmegaConf.create({name: value for name, value in layer.items() if name in SECTIONS})
        for path, layer in desk.layers.items()
    }

    def resolve(desk: Desk, scope: Scope) -> dict[str, Any]:
        chain = desk.chain(scope)
        spoken = {name for path in chain for name in configs[path]}
        defaults = {name: value for name, value in desk.defaults[scope.strategy].items() if name in spoken}
        merged = OmegaConf.merge(defaults, *(configs[path] for path in chain))
        return cast("dict[str, Any]", OmegaConf.to_container(merged))

    lines: dict[tuple[str, str], list[str]] = {}
    for scope in islice(desk.scopes(), int(sys.argv[sys.argv.index("--scopes") + 1])):
        line = {"coin": scope.coin, "params": resolve(desk, scope), "side": scope.side}
        lines.setdefault((scope.environment, scope.bot), []).append(
            json.dumps(line, sort_keys=True, separators=(",", ":"))
        )
    write(Path(sys.argv[2]), lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
