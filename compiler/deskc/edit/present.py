"""A desk as it stands in a working tree, for what adds to it."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.layers import Layers
from deskc.edit.editor import LAYER_SCHEMA, layer_schema_of, modeline
from deskc.pipeline import Prepared

__all__ = ["Present"]

_USUAL: Mapping[frozenset[str], str] = {
    frozenset({"bot", "coin"}): "bots/{bot}/coins/{coin}.yaml",
    frozenset({"strategy"}): "strategies/{strategy}.yaml",
    frozenset({"exchange"}): "exchanges/{exchange}.yaml",
}


class Present(NamedTuple):
    """A desk and the root of its repository; files go by their path from there."""

    root: Path
    prepared: Prepared

    @property
    def layers(self) -> Layers:
        """Return the desk's layers; raise DeskcError where desk.yaml itself cannot be read."""
        if self.prepared.layers is None:
            msg = "desk.yaml has errors, so nothing can be added"
            raise DeskcError(msg, help="run deskc check")
        return self.prepared.layers

    @property
    def files(self) -> Mapping[str, bytes]:
        """Return the files that a build of this desk reads."""
        return self.prepared.tree.files

    @property
    def coins(self) -> Collection[str]:
        """Return every coin that some bot trades."""
        bots = self.layers.bots.values()
        return {coin for bot in bots for coins in bot.coins.values() for coin in coins}

    @property
    def layer_schema(self) -> str:
        """Return where editors find the schema of this desk's layers; empty where the desk has none."""
        path = f"{self.layers.desk.folder}{LAYER_SCHEMA}"
        return path if (self.root / path).is_file() else ""

    @property
    def stale_layer_schema(self) -> str:
        """Return where editors find a schema that the desk's schemas do not give any more; empty where there is none.

        A file is compared by what it says, since whoever formats JSON changes nothing of it.
        """
        path, folder = self.layer_schema, self.layers.desk.schemas
        if not path or any(one.code.startswith("SCHEMA") for one in self.prepared.findings):
            return ""
        texts = {name: data.decode() for name, data in self.files.items() if name.startswith(folder)}
        try:
            known = json.loads((self.root / path).read_bytes())
        except ValueError:
            return path
        return "" if known == json.loads(layer_schema_of(texts, folder)) else path

    def declaration(self, bot: str) -> str:
        """Return the path of a bot's bot.yaml."""
        desk = self.layers.desk
        level = next(one for one in desk.hierarchy if one.declares)
        return f"{desk.folder}{level.path({'bot': bot})}"

    def path(self, **names: str) -> str:
        """Return the path of the layer that these names select; raise DeskcError where the desk has no such level."""
        desk = self.layers.desk
        level = next((one for one in desk.hierarchy if {*one.axes} == names.keys()), None)
        if level is None:
            msg = f"the hierarchy has no level for one {' of one '.join(sorted(names, reverse=True))}"
            raise DeskcError(msg, help=f"add {_USUAL[frozenset(names)]} to hierarchy in desk.yaml")
        return f"{desk.folder}{level.path(names)}"

    def led(self, files: Mapping[str, str]) -> dict[str, str]:
        """Return new layers with the line that leads editors to their schema, where the desk has one."""
        schema = self.layer_schema
        return {path: f"{modeline(path, schema) if schema else ''}{text}" for path, text in files.items()}
