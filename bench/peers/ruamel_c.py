"""Naive merge over ruamel.yaml's C safe loader, which is pure Python unless ruamel.yaml.clib is installed by name."""

import sys

from naive import absent, run


def main() -> int:
    """Compile the desk, or say that the C loader is not here."""
    try:
        from ruamel.yaml import YAML, __with_libyaml__
    except ImportError as error:
        return absent(str(error))
    if not __with_libyaml__:  # ruamel falls back to pure Python without a word
        return absent("ruamel.yaml.clib is not installed")
    return run(YAML(typ="safe", pure=False).load)


if __name__ == "__main__":
    sys.exit(main())
