"""Naive merge over ruamel.yaml's C safe loader, which is pure Python unless ruamel.yaml.clib is installed by name."""

import sys

from naive import absent, run


def main() -> int:
    """Compile the desk, or say that the C loader is not here."""
    try:
        import _ruamel_yaml  # noqa: F401, PLC0415 - ruamel falls back to pure Python without a word
        from ruamel.yaml import YAML  # noqa: PLC0415
    except ImportError as error:
        return absent(str(error))
    return run(YAML(typ="safe", pure=False).load)


if __name__ == "__main__":
    sys.exit(main())
