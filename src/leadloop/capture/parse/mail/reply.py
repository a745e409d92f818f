"""What somebody wrote themselves: a message without the messages it answers, and apart from its signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadloop.kernel.values import dataclass

LONGEST_SIGNATURE = 14  # lines
_LONGEST_HEAD = 5  # lines over which "On …, … wrote:" may be broken
_QUOTED = re.compile(r"\s{0,3}>")
_BEGINS_HEAD = re.compile(r"(?:On|Am|Le|El|Il|Op|Den|Em|Dne|W dniu)\b", re.IGNORECASE)
_ENDS_HEAD = re.compile(
    r"(?:wrote|writes|schrieb(?:en)?|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napsal\(?a?\)?|pisze)"
    r"\s?:?$|\bschrieb\b.{1,200}:$|\bschreef\b.{1,200}:$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_\-=*]{5,}\s*$")
_FORWARDED = re.compile(
    r"\W{2,}(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message transféré|mensaje original|messaggio originale)\W{2,}|begin forwarded message:",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\W_]*(?:From|Von|De|Da|Van|Från|Fra|Od)[\W_]*:[\W_]*\S", re.IGNORECASE)
_FURTHER = re.compile(
    r"[\W_]*(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|Asunto|Inviato|A|Oggetto"
    r"|Verzonden|Aan|Onderwerp)[\W_]*:",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"\s*(?:--|—|\*--\*)\s*$")
_NAME_WITH_DASH = re.compile(r"\s*[-–—]{1,2}[^\W\d_][^,.;:!?]{0,40}$")
_SENT_FROM = re.compile(
    r"\s*(?:sent|gesendet|envoyé|enviado|inviato|verzonden|von meinem|get outlook)\b[^,.;!?]{0,70}$", re.IGNORECASE
)
_FROM_DEVICE = re.compile(r"\b(?:from|mit|von|depuis|desde|da|vanaf|outlook|meinem)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"\s*(?:(?:with )?(?:best|kind|kindest|warm|many)? ?(?:regards|wishes)|best|cheers|sincerely(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly)|(?:many )?thanks(?: and regards| again| in advance)?|thank you|mfg|lg|vg"
    r"|(?:mit )?(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?|schöne[nm]?) (?:grüße[n]?"
    r"|gruß|gruss|grüsse[n]?)(?: aus \w+)?|bien à vous|cordialement|bien cordialement|salutations"
    r"|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|cordiali saluti|distinti saluti"
    r"|met vriendelijke groet(?:en)?)\s*[,.!]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said, and the lines below it that say who said it."""

    text: str
    signature: tuple[str, ...]


def last_reply(text: str) -> Reply:
    """Return what the sender wrote, without what it answers.

    Quotes behind and before the words go; between answers given line by line they stay, for without them nobody
    could tell what is answered.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    quoted = _quoted(lines)
    own, signature = _without_end([line.rstrip() for line in lines], quoted)
    return Reply("\n".join(_without_beginning(own, quoted)).strip("\n"), tuple(signature))


def _quoted(lines: Sequence[str]) -> list[bool]:
    """Which lines somebody else wrote, or say that they did."""
    found = [bool(_QUOTED.match(line)) for line in lines]
    place = 0
    while place < len(lines):
        if _begins_rest(lines, place):
            found[place:] = [True] * (len(lines) - place)
            break
        size = _head(lines, place, found)
        for further in range(place, place + size):
            found[further] = True
        place += size or 1
    return found


def _head(lines: Sequence[str], place: int, quoted: Sequence[bool]) -> int:
    """How many lines "On …, somebody wrote:" takes from here, 0 for none."""
    if quoted[place] or not _BEGINS_HEAD.match(lines[place].lstrip()):
        return 0
    joined = ""
    for size, line in enumerate(lines[place : place + _LONGEST_HEAD], start=1):
        if not line.strip() or (size > 1 and quoted[place + size - 1]):
            return 0
        joined = f"{joined} {line.strip()}"[-600:]
        if _ENDS_HEAD.search(joined):
            return size
    return 0


def _begins_rest(lines: Sequence[str], place: int) -> bool:
    """Whether everything from here on is an earlier message, as mail programs put it below the answer."""
    line = lines[place]
    if _FORWARDED.match(line):
        return True
    below = [one for one in lines[place : place + 4] if one.strip()] if _RULE.match(line) else []
    start = 1 if below else 0
    head = below[1:2] if below else [line]
    if not head or not _FROM.match(head[0]):
        return False
    after = [one for one in lines[place + start + 1 : place + start + 7] if one.strip()]
    return sum(bool(_FURTHER.match(one)) for one in after) >= 2


def _without_end(lines: list[str], quoted: Sequence[bool]) -> tuple[list[str], list[str]]:
    """Cut quotes and signatures off the end, in whatever order they stand; return the signature next to the text."""
    end, signature = len(lines), list[str]()
    while end:
        if not lines[end - 1].strip() or quoted[end - 1]:
            end -= 1
            continue
        begin = _signature(lines, quoted, end)
        if begin is None:
            break
        signature = [line for line in lines[begin:end] if line.strip()]
        end = begin
    return lines[:end], signature


def _signature(lines: Sequence[str], quoted: Sequence[bool], end: int) -> int | None:
    """Where the signature that ends here begins; None where the text itself ends here."""
    if _NAME_WITH_DASH.match(lines[end - 1]) or _is_device(lines[end - 1]):
        return end - 1
    closing = None
    for place in range(end - 1, max(-1, end - 1 - LONGEST_SIGNATURE), -1):
        if quoted[place]:
            break
        if _DELIMITER.match(lines[place]) or (_RULE.match(lines[place]) and place > 0):
            return place
        if place < end - 1 and _CLOSING.match(lines[place]):
            closing = place
    return closing


def _is_device(line: str) -> bool:
    return bool(_SENT_FROM.match(line) and _FROM_DEVICE.search(line) and len(line.split()) <= 9)


def _without_beginning(own: list[str], quoted: Sequence[bool]) -> list[str]:
    """Drop a quote above the answer; several answers among quotes keep them."""
    said = [place for place, line in enumerate(own) if line.strip() and not quoted[place]]
    if not said:
        return []
    answers_between = any(quoted[place] for place in range(said[0], said[-1]))
    return own if answers_between else own[said[0] :]
