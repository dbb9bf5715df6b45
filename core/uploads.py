"""How uploads come in: through memory, never through a temporary file, and no more than is looked at.

A discreet person's letter must not touch the disk before it is sealed. What is larger than a form
may take is cut off while it arrives, so that the form itself still arrives and can say so.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

import flask
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property
from wtforms import Field

from core import file_kinds, files
from core.errors import Invalid

LARGEST_UPLOAD = 64 * 1024 * 1024


class CutOff(BytesIO):
    """Keeps the first `most` bytes it is given and takes the rest for granted."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, given: Any) -> int:
        """Keep what still fits; answer as if all of it did."""
        super().write(given[: max(0, self.most - self.tell())])
        return len(given)


class Request(flask.Request):
    """A request whose uploads stay in memory, and whose questions PostgreSQL can read."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands behind the question mark, on pages without null characters: no text takes one.

        The API keeps them, since it says what is wrong with each value.
        """
        given: MultiDict[str, str] = super().args
        if b"%00" not in self.query_string or self.path.startswith("/api/"):
            return given
        cleaned = [
            (name.replace("\0", ""), value.replace("\0", ""))
            for name, value in given.items(multi=True)
        ]
        return ImmutableMultiDict(cleaned)

    @property
    def max_content_length(self) -> int | None:
        """More for uploads than for anything else; most of it is then dropped."""
        if self.mimetype == "multipart/form-data":
            return LARGEST_UPLOAD
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        flask.Request.max_content_length.fset(self, value)  # type: ignore[attr-defined]  # a property, seen as its value

    def _get_file_stream(self, *_lengths: Any, **_more: Any) -> IO[bytes]:
        """One byte more than a file may have tells that it is too large."""
        return CutOff(files.LARGEST + 1)


def chosen(field: Field, kinds: tuple[file_kinds.Kind, ...]) -> files.CheckedFile | None:
    """The file of a form's field, checked for size and kind; None if none was chosen.

    Raises Invalid with a sentence at the field.
    """
    upload = field.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        return None
    body = upload.stream.read(files.LARGEST + 1)
    try:
        kind = file_kinds.check(upload.filename, body, kinds, files.LARGEST)
    except file_kinds.NotThisFile as problem:
        raise Invalid({field.short_name: str(problem)}) from problem
    return files.CheckedFile(name=upload.filename, mime=kind.mime, body=body)
