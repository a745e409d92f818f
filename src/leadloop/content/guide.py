"""What a caller says: a text with merge fields, taken apart into parts with a title and lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

from leadloop.content.render import render
from leadloop.kernel.values import dataclass

CALL_GUIDE = "call_guide"
CALL = "call"  # the channel of such a text; it is read, never sent
_BLANK = re.compile(r"\n[ \t]*\n")
_TITLE = re.compile(r"\*\*([^*\n]+)\*\*$")


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A part of a call, such as the opening or an objection. `title` "" where it has none; `lines` are plain text."""

    title: str
    lines: tuple[str, ...]


def read_guide(body: str, values: Mapping[str, object]) -> list[GuidePart]:
    """The parts of a call guide, filled in.

    Blank lines part it; a first line in two asterisks on each side is the title, "- " before a line is left out.
    Values are filled in after it has been taken apart, so none of them can make a part of its own.
    """
    blocks = [block.strip() for block in _BLANK.split(body.replace("\r\n", "\n")) if block.strip()]
    return [_part(block.split("\n"), values) for block in blocks]


def _part(lines: list[str], values: Mapping[str, object]) -> GuidePart:
    found = _TITLE.match(lines[0].strip())
    title, rest = (found[1], lines[1:]) if found else ("", lines)
    said = (render(line.strip().removeprefix("- "), values).strip() for line in rest)
    return GuidePart(render(title, values), tuple(line for line in said if line))


TEXTS = {
    (CALL_GUIDE, "en"): (
        "Call guide",
        """
**Open**
Good day {{ person.name | there }}, this is {{ owner.name | me }} of {{ us.name | our company }}.
You asked about {{ interest.name | what we make }}. Is this a good moment for two questions?

**Ask**
- What made you look into this now?
- Who else decides, and by when does it have to work?
- What happens if you leave it as it is?

**If they have no time**
- When may I call again? Morning, noon or late afternoon?

**If they only want a brochure**
- I will send it today. What should it answer for you?

**If they have a supplier already**
- What would have to be better for a second look?

**Close**
- Let us meet for half an hour with whoever decides. Which day suits you?
""",
    ),
    (CALL_GUIDE, "de"): (
        "Gesprächsleitfaden",
        """
**Einstieg**
Guten Tag {{ person.name | zusammen }}, hier ist {{ owner.name | Ihr Ansprechpartner }} von \
{{ us.name | unserer Firma }}.
Sie haben nach {{ interest.name | unserem Angebot }} gefragt. Passen zwei kurze Fragen gerade?

**Fragen**
- Was ist der Anlass, dass Sie sich jetzt damit befassen?
- Wer entscheidet mit, und bis wann muss es laufen?
- Was geschieht, wenn alles so bleibt?

**Keine Zeit**
- Wann darf ich wieder anrufen? Vormittags, mittags oder am späten Nachmittag?

**Nur Unterlagen**
- Die schicke ich heute. Welche Frage sollen sie beantworten?

**Es gibt schon einen Lieferanten**
- Was müsste besser sein, damit sich ein zweiter Blick lohnt?

**Abschluss**
- Setzen wir uns eine halbe Stunde mit den Entscheidern zusammen. Welcher Tag passt?
""",
    ),
}
