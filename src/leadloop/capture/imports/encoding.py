"""Which encoding a file is in. What was found is shown and can be overruled."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What offices' exports come in besides UTF-8; the more a list holds, the more often the wrong one is taken.
_LIKELY = ["cp1252", "cp932", "euc_jp", "cp1250", "cp1251", "gb18030", "big5", "euc_kr", "mac_roman"]
_WESTERN = ("cp1252", "cp1250", "mac_roman")  # the likeliest first
_BESIDE_WORDS = frozenset("’‘“”„«»–—…·®™€°´")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_STRAY = re.compile("[\udc80-\udcff]+")
_MOSTLY = 0.9
_ODD = 0.05  # of what is not plain; honest western text has next to none


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding and how it was found: "mark", "valid", "guess" or "chosen".

    `mixed`: some bytes don't fit; see `mend`.
    """

    name: str
    how: str
    mixed: bool = False


def detect(path: Path) -> Encoding:
    """Return the encoding of a text file. Reads it once, in pieces."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, "mark")
    if unmarked := _utf16(head):
        return Encoding(unmarked, "valid")
    if decodes(path, "utf-8"):
        return Encoding("utf-8", "valid")
    sample = _telling(path)
    good = sum(map(len, _MULTIBYTE.findall(sample)))
    if good >= _MOSTLY * sum(byte > 127 for byte in sample):
        return Encoding("utf-8", "valid", mixed=True)
    name = next((name for name in _likeliest(sample) if decodes(path, name)), "latin-1")
    return Encoding(name, "guess")


def _likeliest(sample: bytes) -> list[str]:
    """Return the encodings to try for lines with other than plain letters, the likeliest first."""
    found = [one.encoding for one in from_bytes(sample, cp_isolation=_LIKELY, steps=10, chunk_size=1024)]
    foreign = [name for name in found if name not in _WESTERN]
    if found and found[0] in foreign:
        return found[:1]
    # For the western ones the library goes by single letters and takes one for the other, and for a few Asian names
    # too; these then read oddly.
    oddness = {name: _oddness(sample, name) for name in _WESTERN}
    western = sorted(_WESTERN, key=oddness.__getitem__)
    odd = oddness[western[0]] > _ODD * sum(byte > 127 for byte in sample)
    return [*foreign[:1], *western] if odd else western


def chosen(path: Path, name: str) -> Encoding:
    """Return an encoding somebody chose; Invalid when there is none of that name."""
    try:
        codecs.lookup(name)
    except LookupError:
        raise Invalid(f"{name!r} is no encoding", field="encoding", mend="Use a name such as utf-8 or cp1252") from None
    return Encoding(name, "chosen", mixed=not decodes(path, name))


def decodes(path: Path, name: str) -> bool:
    """Tell whether the whole file can be read in an encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def mend(cell: str) -> str:
    """Read what did not fit the encoding as western Windows text, the usual stowaway; what still doesn't fit as �."""
    return _STRAY.sub(lambda found: bytes(ord(c) - 0xDC00 for c in found[0]).decode("cp1252", "replace"), cell)


def is_bad(cell: str) -> bool:
    """Tell whether a cell holds anything that did not fit the encoding."""
    return _STRAY.search(cell) is not None or "\ufffd" in cell


def _oddness(sample: bytes, name: str) -> int:
    """Tell how oddly a sample reads in an encoding: signs within words, capitals after small letters."""
    text = sample.decode(name, "replace")
    return sum(map(_is_odd, text, text[1:]))


def _is_odd(one: str, following: str) -> bool:
    """Tell whether two letters in a row are odd, at least one of them not plain."""
    if one.isascii() and following.isascii():
        return False
    sign, letter = (one, following) if not one.isalpha() else (following, one)
    if letter.isalpha() and not sign.isalpha():
        return not sign.isascii() and sign not in _BESIDE_WORDS
    return one.islower() and following.isupper()


def _utf16(head: bytes) -> str | None:
    """Return the name of UTF-16 without a mark, known by the empty half of western letters."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and odd > len(head) // 5 and even * 10 < odd:
        return "utf-16-le"
    if len(head) >= 4 and even > len(head) // 5 and odd * 10 < even:
        return "utf-16-be"
    return None


def _telling(path: Path) -> bytes:
    """Return lines with other than plain letters, from wherever in the file they are."""
    sample = bytearray()
    with path.open("rb") as file:
        for piece in file:
            if not piece.isascii():
                sample += piece[:_SAMPLE]
            if len(sample) >= _SAMPLE:
                break
    return bytes(sample)
