"""Where the copy stands: a folder, or a bucket that speaks S3. Files are never changed once they are there."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from pyarrow import fs

from leadloop.kernel.errors import Invalid


class Place(Protocol):
    """A store of files by name. A file is there whole or not at all."""

    def local(self, name: str) -> Path:
        """A path at which the file can be read on this machine. FileNotFoundError when it is gone."""

    def put(self, draft: Path, name: str) -> None:
        """Take over a finished draft under this name; the draft is gone afterwards."""

    def read(self, name: str) -> bytes | None:
        """The content of a file that changes (the manifest); None when there is none."""

    def remove(self, name: str) -> None:
        """Take a file away; nothing happens when it is gone already."""

    def names(self) -> list[str]:
        """Every file there is."""

    def forget_others(self, names: set[str]) -> None:
        """Drop what this machine keeps of files that are not among these."""


class Folder:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def local(self, name: str) -> Path:
        path = self.root / name
        if not path.exists():
            raise FileNotFoundError(name)
        return path

    def put(self, draft: Path, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        _move(draft, target)
        _sync_folder(target.parent)

    def read(self, name: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return (self.root / name).read_bytes()
        return None

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def forget_others(self, names: set[str]) -> None:
        """Nothing is kept beside the files themselves."""


class Bucket:
    """A file system elsewhere. What is read is fetched once and kept in `cache`: names are never used again."""

    def __init__(self, system: fs.FileSystem, root: str, cache: Path) -> None:
        self.system, self.root, self.cache = system, root.rstrip("/"), cache

    def local(self, name: str) -> Path:
        kept = self.cache / name
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft = kept.with_name(f".{kept.name}.{os.getpid()}")
            with self.system.open_input_stream(f"{self.root}/{name}") as source, draft.open("wb") as target:
                shutil.copyfileobj(source, target)
            draft.replace(kept)
        return kept

    def put(self, draft: Path, name: str) -> None:
        parent = f"{self.root}/{name}".rpartition("/")[0]
        self.system.create_dir(parent, recursive=True)
        with draft.open("rb") as source, self.system.open_output_stream(f"{self.root}/{name}") as target:
            shutil.copyfileobj(source, target)
        draft.unlink()

    def read(self, name: str) -> bytes | None:
        with suppress(FileNotFoundError), self.system.open_input_stream(f"{self.root}/{name}") as source:
            return bytes(source.read())
        return None

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.system.delete_file(f"{self.root}/{name}")
        (self.cache / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        found = self.system.get_file_info(fs.FileSelector(self.root, recursive=True, allow_not_found=True))
        return sorted(one.path.removeprefix(f"{self.root}/") for one in found if one.type == fs.FileType.File)

    def forget_others(self, names: set[str]) -> None:
        for path in self.cache.rglob("*.parquet"):
            if str(path.relative_to(self.cache)) not in names:
                path.unlink(missing_ok=True)


def place_of(address: str, *, cache: Path) -> Place:
    """The place of this address: a path, or s3://bucket/folder. Invalid for anything else.

    Keys and region of a bucket come from the usual variables (AWS_ACCESS_KEY_ID, …); `endpoint_override` may stand in
    the address for stores other than Amazon's.
    """
    parts = urlsplit(address)
    if parts.scheme == "s3":
        system, root = fs.FileSystem.from_uri(address)
        return Bucket(system, root, cache)
    if parts.scheme and len(parts.scheme) > 1:
        raise Invalid(f"{parts.scheme}:// is no place for the copy", field="columns", mend="Give a folder or s3://…")
    return Folder(Path(address).expanduser().absolute())


def _move(draft: Path, target: Path) -> None:
    """Rename, also across file systems, so that the target is never seen half."""
    try:
        draft.replace(target)
    except OSError:
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(draft, beside)
        beside.replace(target)
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
