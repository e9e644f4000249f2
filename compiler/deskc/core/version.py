"""The version of this compiler; a test holds it equal to the package's."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
