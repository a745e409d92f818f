"""Taking a file in: streamed to the home folder, never held in memory, stopped when it grows too long."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from leadloop.loop import files

MOST_BYTES = 200 * 1024 * 1024
FIELD = "file"


class Streamed(UploadedFile):
    """A file that is below the home folder already; `kept_as` is its name there."""

    def __init__(self, kept_as: str, name: str | None, size: int) -> None:
        super().__init__(None, name, None, size)
        self.kept_as = kept_as

    def close(self) -> None:
        """Nothing is open: the file was closed when it was whole."""


class ToHome(FileUploadHandler):
    """Writes the chunks of one file where it stays. `too_long` tells that it was given up."""

    def __init__(self, request: HttpRequest | None = None, *, most: int = MOST_BYTES) -> None:
        super().__init__(request)
        self.most = most
        self.too_long = False
        self._kept_as = ""
        self._written = 0
        self._file: BinaryIO | None = None

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin with a file."""
        super().new_file(*args, **options)
        self._give_up()
        self._kept_as, self._written = files.new_name(), 0
        self._file = files.place(self._kept_as).open("xb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write on, as long as it is not too long."""
        self._written = start + len(raw_data)
        if self._written > self.most:
            self.too_long = True
            self._give_up()
            raise StopUpload(connection_reset=False)
        assert self._file is not None
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Streamed:
        """The file is whole."""
        assert self._file is not None
        self._file.close()
        self._file = None
        return Streamed(self._kept_as, self.file_name, file_size)

    def upload_interrupted(self) -> None:
        """The sender hung up."""
        self._give_up()

    def _give_up(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            files.remove(self._kept_as)
