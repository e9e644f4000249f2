"""Naive merge over PyYAML's C safe loader."""

import sys
from pathlib import Path
from typing import Any

from naive import absent, run


def main() -> int:
    """Compile the desk, or say that the C loader is not here."""
    try:
        from yaml import CSafeLoader, load
    except ImportError as error:
        return absent(str(error))

    def read(path: Path) -> dict[str, Any]:
        document: dict[str, Any] = load(path.read_bytes(), CSafeLoader)
        return document

    return run(read)


if __name__ == "__main__":
    sys.exit(main())
