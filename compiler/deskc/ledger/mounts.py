"""Which file system a path lies on, where the system says so cheaply."""

import re
from pathlib import Path, PurePath

__all__ = ["filesystem", "network_filesystem"]

_MOUNTS = Path("/proc/self/mounts")  # Linux; elsewhere nothing is known and nothing refused
_NETWORK = re.compile(
    r"nfs4?|cifs|smb3|smbfs|afs|ceph|lustre|gpfs|beegfs|ocfs2|gfs2|fuse\.(sshfs|glusterfs|s3fs|rclone)"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")


def filesystem(path: PurePath, mounts: str) -> str:
    """Return the type of the file system that holds an absolute path, after a table in the format of fstab(5)."""
    deepest, found = -1, ""
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        mounted = PurePath(_ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), point))
        if path.is_relative_to(mounted) and len(mounted.parts) >= deepest:  # of equals, the last one hides the others
            deepest, found = len(mounted.parts), kind
    return found


def network_filesystem(path: Path) -> str:
    """Return the type of the network file system that holds the path, empty where it is local or nobody knows."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = filesystem(path.resolve(), mounts)
    return found if _NETWORK.fullmatch(found) else ""
