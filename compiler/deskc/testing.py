"""Snapshots out of plain dictionaries, for a bot's unit tests: the same bytes and checks as the real ones."""

import os
from collections.abc import Mapping
from typing import Any

from deskc.core.canonical import Digest, digest, encode, key_order
from deskc.core.paths import child, item
from deskc.core.scopes import OTHER_SECTIONS, SECTIONS, TRADING_SECTIONS
from deskc.runtime.errors import FormatError
from deskc.runtime.header import FORMAT
from deskc.runtime.late import Sources
from deskc.runtime.locate import Found
from deskc.runtime.snapshot import Snapshot, open_snapshot

__all__ = ["snapshot"]
