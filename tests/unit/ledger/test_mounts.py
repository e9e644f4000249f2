"""Which file system holds a path."""

from pathlib import Path, PurePosixPath

import pytest

from deskc.ledger.mounts import filesystem, network_filesystem

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
server:/srv /srv nfs4 rw 0 0
/dev/sdb1 /srv/local xfs rw 0 0
//server/share /mnt/team\040share cifs rw 0 0
overlay /over ext4 rw 0 0
me@server: /over fuse.sshfs rw 0 0
""".lstrip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/ledger.db", "ext4"),
        ("/srv/me/ledger.db", "nfs4"),
        ("/srv/local/ledger.db", "xfs"),
        ("/homeless/ledger.db", "ext4"),
        ("/mnt/team share/ledger.db", "cifs"),
        ("/over/ledger.db", "fuse.sshfs"),
    ],
)
def test_the_deepest_and_last_mount_decides(path: str, kind: str) -> None:
    """A mount inside another one, or over it, is the one that holds the file."""
    assert filesystem(PurePosixPath(path), MOUNTS) == kind


def test_without_a_table_nothing_is_known() -> None:
    """A system that has no such table is given the benefit of the doubt."""
    assert filesystem(PurePosixPath("/var/ledger.db"), "") == ""


def test_a_local_folder_is_no_network(tmp_path: Path) -> None:
    """The folder of this test is local, as far as anyone can tell."""
    assert network_filesystem(tmp_path) == ""
