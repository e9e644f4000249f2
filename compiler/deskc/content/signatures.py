"""Who must have signed what compiles: `signatures: required` in desk.yaml."""

from collections.abc import Callable, Iterator

from deskc.core.documents import Document, Tree
from deskc.core.findings import Finding, Place, error
from deskc.core.layers import Layers

__all__ = ["SIGNERS", "unsigned"]

SIGNERS = "allowed_signers"
"""The desk's file of principals and their ssh keys (ssh-keygen, ALLOWED SIGNERS)."""


def unsigned(
    tree: Tree, document: Document, layers: Layers, signer: Callable[[bytes], str | None]
) -> Iterator[Finding]:
    """Yield an error for the targets of environments that write proposals where no listed principal signed the commit.

    `document` is desk.yaml, `signer` says who signed the commit of those whom a file lists. The working tree is no
    commit yet: there only a missing file is an error.
    """
    desk = layers.desk
    targets = [target for target in layers.targets if desk.environments[target.environment] == "proposal"]
    if desk.signatures != "required" or not targets:
        return
    leaf = document.find("signatures")
    place = leaf.place() if leaf else Place(document.path)
    listed = tree.files.get(f"{desk.folder}{SIGNERS}")
    if listed is None:
        message = f"signatures are required, but there is no {desk.folder}{SIGNERS} that lists who may sign"
        yield error(
            "SIGN002", message, f"add {SIGNERS}: a principal, a key type and a key a line", place, scopes=targets
        )
    elif tree.commit is not None and signer(listed) is None:
        message = f"commit {tree.commit[:12]} is signed by nobody whom {desk.folder}{SIGNERS} lists"
        way_out = "sign it with a listed ssh key: git commit --amend --no-edit --gpg-sign"
        yield error("SIGN001", message, way_out, place, scopes=targets)
