"""The file of a backup: a zip with a member for each table and each file, and a manifest that vouches for all of them.

    tables/accounts.User.jsonl     one row a line, as a list of values in the order of the manifest's columns
    files/media/…                  what VAR_DIR holds and nothing can make again
    secret_key                     what signed the links that people were sent
    manifest.json                  the format, the migrations applied, and of each member its size, digest and rows

It is written from front to back and read member by member, whatever its size, in the same small memory. The manifest
is the last member, and its digest the zip's comment: of a file that was cut short nothing can be taken for whole.
"""

import fcntl
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Self, TypedDict, Unpack

from maarifa.lib.errors import DomainError

FORMAT = 1
MANIFEST = "manifest.json"
COMMENT = "maarifa backup "
PIECE = 1 << 18


# Hears how far it is: words with %(done)s and %(total)s in them, and both numbers.
Watch = Callable[[str, int, int], object]


class About(TypedDict, total=False):
    """What the manifest says of a member beside its size and digest."""

    # Of a table: its model, the columns in their order, and how many rows.
    model: str
    columns: list[str]
    rows: int
    # Of a file.
    mode: int


class Member(About):
    size: int
    sha256: str


class Facts(TypedDict):
    """What the manifest says of the backup."""

    made: str
    code: str
    database: str
    # An app and a name each. JSON knows no tuples.
    migrations: list[tuple[str, str]]


class Manifest(Facts):
    format: int
    members: dict[str, Member]


class ArchiveError(DomainError):
    MESSAGES = {
        "THERE_ALREADY": "%(file)s already exists. Give a new file name.",
        "IN_THE_WRITING": "Another backup is writing to %(file)s. Wait for it, or give another file name.",
        "CANNOT_WRITE": "%(file)s could not be written: %(why)s.",
        "CANNOT_READ": "%(file)s cannot be read: %(why)s.",
        "NOT_WHOLE": "%(file)s is not a complete backup: it was cut short, or is another file. Nothing was restored.",
        "DAMAGED": "%(file)s is damaged (in %(member)s). Nothing was restored. Use another backup.",
        "NEWER_FORMAT": "%(file)s has format %(format)s, but this code reads format %(known)s. Use newer code.",
    }


# Writing ----------------------------------------------------------------------------------------------------


class Measured:
    """Passes on what is written, and measures it."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.size, self.digest = out, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.out.write(data)
        self.size += len(data)
        self.digest.update(data)


class Writing:
    def __init__(self, out: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str, **about: Unpack[About]) -> Iterator[Measured]:
        """Write one member; `about` is what the manifest says of it beside its size and digest."""
        with self.zip.open(name, "w", force_zip64=True) as out:
            target = Measured(out)
            yield target
        self.members[name] = {"size": target.size, "sha256": target.digest.hexdigest(), **about}

    def finish(self, **facts: Unpack[Facts]) -> None:
        manifest: Manifest = {"format": FORMAT, **facts, "members": self.members}
        data = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self.zip.writestr(MANIFEST, data)
        self.zip.comment = f"{COMMENT}{hashlib.sha256(data).hexdigest()}".encode()
        self.zip.close()

    def give_up(self) -> None:
        with suppress(OSError, ValueError):  # a full disk; a member in the middle
            self.zip.close()


@contextmanager
def writing(file: Path) -> Iterator[Writing]:
    """A new archive, for the person who runs this alone. It has its name once it is whole and on the disk; what is
    left of one that was killed is called .partial.
    """
    draft = file.with_name(f"{file.name}.partial")
    if file.exists():
        raise ArchiveError("THERE_ALREADY", file=file)
    try:
        with open(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
            _take(out, file)
            os.fchmod(out.fileno(), 0o600)
            out.truncate(0)
            archive = Writing(out)
            try:
                yield archive
                out.flush()
                os.fsync(out.fileno())
                draft.replace(file)
            except BaseException:
                draft.unlink(missing_ok=True)
                archive.give_up()
                raise
        _sync_folder(file.parent)
    except OSError as error:
        raise ArchiveError("CANNOT_WRITE", file=file, why=error.strerror) from error


@contextmanager
def streaming(out: IO[bytes]) -> Iterator[Writing]:
    """An archive that goes through a pipe, say to a program that encrypts it. Of one that was cut off nothing can be
    taken for whole, like of any other.
    """
    archive = Writing(out)
    try:
        yield archive
        out.flush()
    except OSError as error:
        archive.give_up()
        raise ArchiveError("CANNOT_WRITE", file="standard output", why=error.strerror) from error
    except BaseException:
        archive.give_up()
        raise


def _take(out: IO[bytes], file: Path) -> None:
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ArchiveError("IN_THE_WRITING", file=file) from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Reading ----------------------------------------------------------------------------------------------------


class Archive:
    """An archive to read. Opening it reads the manifest; `verify` reads all of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.stream = open(file, "rb")  # noqa: SIM115 - it is open as long as the archive is
        except OSError as error:
            raise ArchiveError("CANNOT_READ", file=file, why=error.strerror) from error
        try:
            self._open()
        except BaseException:
            self.stream.close()
            raise

    def _open(self) -> None:
        try:
            self.zip = zipfile.ZipFile(self.stream)
            data = self.zip.read(MANIFEST)
        except Exception:  # noqa: BLE001 - of bytes that are no zip, or half of one, zipfile raises nearly anything
            raise ArchiveError("NOT_WHOLE", file=self.file) from None
        comment = f"{COMMENT}{hashlib.sha256(data).hexdigest()}".encode()
        if len(self.zip.comment) != len(comment):
            raise ArchiveError("NOT_WHOLE", file=self.file)
        if self.zip.comment != comment:
            raise ArchiveError("DAMAGED", file=self.file, member=MANIFEST)
        self.manifest: Manifest = json.loads(data)
        file_format = self.manifest["format"]
        if file_format != FORMAT:
            raise ArchiveError("NEWER_FORMAT", file=self.file, format=file_format, known=FORMAT)
        self.members: dict[str, Member] = self.manifest["members"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()
        self.stream.close()

    def verify(self, watch: Watch) -> None:
        """Every member is there and is what the manifest says; the first that isn't is named."""
        total = sum(about["size"] for about in self.members.values())
        done = 0
        for name in self.members:
            for piece in self.pieces(name):
                done += len(piece)
                watch("%(done)s of %(total)s bytes verified", done, total)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's bytes, refused where they end otherwise than the manifest says."""
        size, digest = 0, hashlib.sha256()
        try:
            with self.zip.open(name) as member:
                while piece := member.read(PIECE):
                    size += len(piece)
                    digest.update(piece)
                    yield piece
        except Exception:  # noqa: BLE001 - as above
            raise ArchiveError("DAMAGED", file=self.file, member=name) from None
        about = self.members[name]
        if (size, digest.hexdigest()) != (about["size"], about["sha256"]):
            raise ArchiveError("DAMAGED", file=self.file, member=name)

    def lines(self, name: str) -> Iterator[bytes]:
        with self.zip.open(name) as member:
            yield from member

    def under(self, folder: str) -> dict[str, PurePosixPath]:
        """The members below a folder, each with its path from there."""
        return {
            name: PurePosixPath(name).relative_to(folder)
            for name in self.members
            if PurePosixPath(name).is_relative_to(folder)
        }
