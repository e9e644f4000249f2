"""Create a repository and commit edits to it: no checkout, no hook, no filter, no signing."""

import os
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio import command

if TYPE_CHECKING:
    from git import Repo

__all__ = ["commit_files", "commit_texts", "init"]


class _Person(NamedTuple):
    name: str
    email: str


class _Row(NamedTuple):
    mode: str  # "0": the file is gone
    oid: str
    path: str


def init(path: Path) -> None:
    """Create a repository with the branch main; raise DeskcError where there is one."""
    if os.path.lexists(path / ".git"):
        msg = f"{path} is a git repository already"
        raise DeskcError(msg, help="name a new folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{path} cannot be made: {error.strerror}"
        raise DeskcError(msg, help="name a folder you may write") from None
    # No template: the user's may hold hooks, which are not part of a desk.
    command.run(path, "init", "--quiet", "--template=", "--initial-branch=main")


def commit_files(  # noqa: PLR0913 - one keyword for each fact of a commit
    root: Path, paths: Sequence[str], message: str, *, author: str = "", email: str = "", when: int | None = None
) -> Sha:
    """Commit these files, as they are on disk or gone from it, on the current branch, and nothing else.

    What else stands in the index stays there. `when` and the author are as for commit_texts. Raise DeskcError when
    nothing changed, HEAD is on no branch, a path is no plain file below `root`, or the branch moved meanwhile; then
    the branch stays as it was.
    """
    rows = [_row(root, path) for path in dict.fromkeys(paths)]
    return _commit_rows(root, rows, message, base=None, author=author, email=email, when=when)


def commit_texts(  # noqa: PLR0913 - one keyword for each fact of a commit
    root: Path,
    texts: Mapping[str, str | None],
    message: str,
    *,
    base: Sha,
    author: str = "",
    email: str = "",
    when: int | None = None,
) -> Sha:
    """Commit these texts by path, None for a file that goes, on the current branch, and nothing else.

    `base` is the commit that the texts were made of: where the branch has moved on from it, nothing is committed. The
    files on disk stay as they are, and so does what else stands in the index. `when` is unix seconds UTC for author
    and committer; without an author both are the user's configured identity. Raise DeskcError when nothing changed,
    HEAD is on no branch or elsewhere, or a path is none below `root`; then the branch stays as it was.
    """
    rows = [_text_row(root, path, text) for path, text in texts.items()]
    return _commit_rows(root, rows, message, base=base, author=author, email=email, when=when)


def _commit_rows(  # noqa: PLR0913 - as above
    root: Path, rows: Sequence[_Row], message: str, *, base: Sha | None, author: str, email: str, when: int | None
) -> Sha:
    repo = _open(root)
    people = _people(root, author=author, email=email)
    head = command.run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", accept=(0, 1)).stdout.decode().strip()
    if base not in (None, head):
        raise _moved(root)
    tree = _tree(root, rows, head=head)
    commit = _commit(repo, tree, _checked_message(message), head=head, people=people, when=when)
    # The index first: should it be locked, the branch has not moved; should the branch, the files are merely added.
    command.run(root, "update-index", "-z", "--index-info", stdin=_index_info(rows), settings=_no_filters(root))
    _advance(root, commit, head=head, committer=people[1])
    return commit


def _open(root: Path) -> "Repo":
    from git import Repo  # noqa: PLC0415 - its import costs more than a whole check
    from git.exc import InvalidGitRepositoryError  # noqa: PLC0415 - as Repo

    kind = command.run(root, "rev-parse", "--show-object-format", "--is-bare-repository").stdout.decode().split()
    if kind != ["sha1", "false"]:
        what = "bare" if kind[1] == "true" else f"of {kind[0]} objects"
        msg = f"the repository {root} is {what}, where deskc cannot commit"
        raise DeskcError(msg, help="edit and commit in a clone with a working tree and sha1 objects")
    try:
        repo = Repo(root, expand_vars=False)
    except InvalidGitRepositoryError:
        msg = f"{root} is not the top of a working tree"
        raise DeskcError(msg, help="name the folder that holds .git") from None
    if repo.head.is_detached:
        msg = f"HEAD of {root} is on no branch"
        raise DeskcError(msg, help="run `git switch BRANCH` first")
    if (Path(repo.git_dir) / "MERGE_HEAD").exists():
        msg = f"a merge is under way in {root}"
        raise DeskcError(msg, help="finish it with `git commit` or drop it with `git merge --abort`")
    # GitPython adds to the inherited environment and takes nothing away, so what names a repository is overruled.
    here = {"GIT_DIR": os.fspath(repo.git_dir), "GIT_WORK_TREE": os.fspath(root)}
    repo.git.update_environment(**command.environment(root), **here)
    return repo


def _people(root: Path, *, author: str, email: str) -> tuple[_Person, _Person]:
    """Return author and committer: as given, else as git itself would name the user."""
    if author:
        if any(char in author + email for char in "<>\n\0"):
            msg = f"{author!r} <{email!r}> is no author"
            raise DeskcError(msg, help="leave out brackets and line ends")
        return (_Person(author, email), _Person(author, email))
    return (_configured(root, "GIT_AUTHOR_IDENT"), _configured(root, "GIT_COMMITTER_IDENT"))


def _configured(root: Path, variable: str) -> _Person:
    # Here the user's own configuration and environment must speak; without useConfigOnly git would make a name up.
    arguments = ("-c", "user.useConfigOnly=true", "var", variable)
    answer = command.run(root, *arguments, env=command.personal(), accept=(0, 128)).stdout.decode("utf-8", "replace")
    name, _, rest = answer.partition(" <")
    if not name:
        msg = "git does not know your name and e-mail address"
        raise DeskcError(msg, help="run: git config --global user.name NAME; git config --global user.email ADDRESS")
    return _Person(name, rest.partition(">")[0])


def _checked_message(message: str) -> str:
    try:
        message.encode()
    except UnicodeEncodeError:
        message = ""
    if not message.strip() or "\0" in message:
        msg = "a commit needs a message of plain text"
        raise DeskcError(msg, help="say why the setting changes")
    return message if message.endswith("\n") else f"{message}\n"


def _row(root: Path, path: str) -> _Row:
    """Store a file's bytes as they are, with no filter run over them, and return its line of the index."""
    _require_inside(root, path)
    file = root / path
    if not os.path.lexists(file):
        return _gone(path)
    mode = file.lstat().st_mode
    if not stat.S_ISREG(mode):
        msg = f"{path} is no plain file"
        raise DeskcError(msg, help="name files, not folders or links")
    return _Row("100755" if mode & stat.S_IXUSR else "100644", _stored(root, file.read_bytes()), path)


def _text_row(root: Path, path: str, text: str | None) -> _Row:
    """Store a text and return its line of the index."""
    _require_inside(root, path)
    return _gone(path) if text is None else _Row("100644", _stored(root, text.encode()), path)


def _gone(path: str) -> _Row:
    return _Row("0", "0" * 40, path)


def _stored(root: Path, data: bytes) -> str:
    return command.run(root, "hash-object", "-w", "--stdin", stdin=data).stdout.decode().strip()


def _require_inside(root: Path, path: str) -> None:
    """Raise DeskcError for a path that leads out of the repository, into git's own folder, or through a link."""
    parts = PurePosixPath(path).parts
    odd = path != "/".join(parts) or any(part == ".." or part.lower() == ".git" for part in parts) or "\0" in path
    if odd or not parts:
        msg = f"{path!r} is no path below {root}"
        raise DeskcError(msg, help="name files relative to the repository's root")
    if any((root / folder).is_symlink() for folder in PurePosixPath(path).parents):
        msg = f"{path} lies behind a link"
        raise DeskcError(msg, help="name the file itself")


def _no_filters(root: Path) -> tuple[tuple[str, str], ...]:
    """Return settings that silence every filter driver the repository's configuration defines.

    Writing an index, git looks again into files that changed in the second it was last written, through their filters.
    """
    listed = command.run(
        root, "config", "--null", "--name-only", "--get-regexp", r"^filter\..*\.", accept=(0, 1)
    ).stdout
    drivers = {key.rpartition(".")[0] for key in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]}
    parts = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return tuple((f"{driver}.{part}", value) for driver in sorted(drivers) for part, value in parts)


def _index_info(rows: Iterable[_Row]) -> bytes:
    return b"".join(f"{row.mode} {row.oid}\t".encode() + os.fsencode(row.path) + b"\0" for row in rows)


def _tree(root: Path, rows: Sequence[_Row], *, head: str) -> str:
    """Write the tree of HEAD with these rows, in an index of its own; raise DeskcError when it is HEAD's tree."""
    import tempfile  # noqa: PLC0415 - only an edit writes a tree

    with tempfile.TemporaryDirectory(prefix="deskc-index-") as folder:
        env = command.environment(root) | {"GIT_INDEX_FILE": os.path.join(folder, "index")}  # noqa: PTH118 - an environment holds text
        command.run(root, "read-tree", head or "--empty", env=env)
        before = command.run(root, "write-tree", env=env).stdout
        command.run(root, "update-index", "-z", "--index-info", stdin=_index_info(rows), env=env)
        tree = command.run(root, "write-tree", env=env).stdout
    if tree == before:
        msg = f"nothing to commit in {root}: {', '.join(row.path for row in rows) or 'no file'} did not change"
        raise DeskcError(msg, help="edit a file first")
    return tree.decode().strip()


def _commit(  # noqa: PLR0913 - one keyword for each fact of a commit
    repo: "Repo", tree: str, message: str, *, head: str, people: tuple[_Person, _Person], when: int | None
) -> Sha:
    from git import Actor, Commit, Tree  # noqa: PLC0415 - as Repo

    # UTC, since a commit need not tell where it was made; and said here, or GitPython looks into the environment.
    moment = f"{int(time.time()) if when is None else when} +0000"
    commit = Commit.create_from_tree(
        repo,
        Tree(repo, bytes.fromhex(tree)),
        message,
        [Commit(repo, bytes.fromhex(head))] if head else [],
        head=False,  # GitPython would move the branch without looking whether it is still where it was
        author=Actor(*people[0]),
        committer=Actor(*people[1]),
        author_date=moment,
        commit_date=moment,
    )
    return Sha(commit.hexsha)


def _advance(root: Path, commit: Sha, *, head: str, committer: _Person) -> None:
    """Move the current branch from `head`, and from nowhere else, to the commit."""
    reflog = {"GIT_COMMITTER_NAME": committer.name, "GIT_COMMITTER_EMAIL": committer.email}
    arguments = ("update-ref", "-m", "commit: by deskc", "HEAD", commit, head or "0" * len(commit))
    answer = command.run(root, *arguments, env=command.environment(root) | reflog, accept=(0, 1, 128))
    if answer.returncode:
        raise _moved(root)


def _moved(root: Path) -> DeskcError:
    msg = f"the branch of {root} moved, or is locked, while the commit was made"
    return DeskcError(msg, help="see `git log` and run the command again")
