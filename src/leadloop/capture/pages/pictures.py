"""Pictures of landing pages: checked, drawn anew, and kept in the database, so that a backup holds them too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageOps

from leadloop.capture.models import Picture as Kept
from leadloop.kernel import ids
from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST = 1600
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
TYPE = "image/webp"
_QUALITY = 82
_MEND = "Choose a PNG, JPEG, WebP or GIF picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was kept; width and height in pixels, `body` as WebP."""

    name: str
    width: int
    height: int
    body: bytes = b""


def keep_picture(*, raw: bytes, now: datetime) -> Picture:
    """Keep a picture under a name that nobody can guess. Invalid for what is no picture, or too large a one.

    It is drawn anew from its pixels, so nothing else that was in the file, such as where it was taken, goes along.
    """
    made = _drawn(raw)
    written = BytesIO()
    made.save(written, "WEBP", quality=_QUALITY)
    kept = Picture(ids.token(18), made.width, made.height, written.getvalue())
    Kept.objects.create(name=kept.name, width=kept.width, height=kept.height, body=kept.body, kept_at=now)
    return kept


def picture(name: str) -> Picture | None:
    """The picture of this name, None when there is none. One query."""
    row = Kept.objects.filter(name=name).values_list("name", "width", "height", "body").first()
    return Picture(row[0], row[1], row[2], bytes(row[3])) if row else None


def measured(names: Collection[str]) -> dict[str, Picture]:
    """Pictures by name, without what is in them; unknown names are left out. One query."""
    rows = Kept.objects.filter(name__in=list(names)).values_list("name", "width", "height")
    return {row[0]: Picture(*row) for row in rows}


def _drawn(raw: bytes) -> Image.Image:
    if len(raw) > MOST_BYTES:
        raise Invalid(f"The file is longer than {MOST_BYTES // 1024**2} MB", field="file", mend="Make it smaller first")
    try:
        found = Image.open(BytesIO(raw), formats=FORMATS)
        if found.width * found.height > MOST_PIXELS:
            raise Invalid("The picture is too large", field="file", mend=f"Make it {WIDEST} pixels wide first")
        turned = ImageOps.exif_transpose(found)
        drawn = turned.convert("RGBA" if turned.mode in ("RGBA", "LA", "PA", "P") else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid("This is no picture that can be shown", field="file", mend=_MEND) from None
    drawn.thumbnail((WIDEST, WIDEST * 2))
    return Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
