"""Where leads of other systems stand in ours, by the words those systems use."""

from __future__ import annotations

from leadloop.capture.imports.contracts import StatusRow
from leadloop.capture.parse.keys import squash
from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import CLOSED_STAGES, Stage

# Written as in options: an open stage, or a closed one with its reason. Empty: a new inquiry.
_WORDS = {
    "": """new | open | lead | raw | subscriber | inquiry | enquiry | new lead | open new | to do | neu | offen
        | nouveau | nouvelle | ouvert | nuevo | nueva | abierto | unbearbeitet""",
    "assigned": """not contacted | open not contacted | uncontacted | assigned | to be contacted | not yet contacted
        | nicht kontaktiert | zugewiesen | non contacte | a contacter | no contactado | asignado""",
    "accepted": """attempted to contact | attempted | contact attempted | attempting | attempting contact | accepted
        | sales accepted lead | sal | left voicemail | kontaktversuch | versucht zu kontaktieren | angenommen
        | tentative de contact | intento de contacto | aceptado""",
    "working": """contacted | connected | working | working contacted | in progress | in contact | engaged | replied
        | in discussion | meeting scheduled | demo scheduled | sales qualified lead | sql | kontaktiert | in kontakt
        | in bearbeitung | en cours | contacte | en contact | contactado | en curso | en progreso | in process""",
    "qualified": """qualified | pre qualified | prequalified | marketing qualified lead | mql | hot | qualifiziert
        | vorqualifiziert | qualifie | calificado | cualificado""",
    "nurturing": """contact in future | contact later | nurture | nurturing | bad timing | recycled | recycle | on hold
        | not now | not ready | cold | later | future | callback later | spater kontaktieren | in zukunft kontaktieren
        | zuruckgestellt | wiedervorlage | a recontacter | contacter plus tard | contactar en el futuro | en espera""",
    "opportunity": """converted | closed converted | opportunity | open deal | deal | konvertiert | verkaufschance
        | converti | opportunite | convertido | oportunidad""",
    "won/imported_won": """won | closed won | customer | client | sold | bought | evangelist | gewonnen | kunde
        | abgeschlossen gewonnen | gagne | gagnee | ganado | cliente | cerrado ganado""",
    "lost/imported_lost": """lost | lost lead | closed lost | closed not converted | closed | dead | dead lead
        | not interested | no interest | verloren | verlorener lead | kein interesse | abgeschlossen verloren | perdu
        | perdue | pas interesse | perdido | no interesado | cerrado perdido""",
    "disqualified/junk": "junk | junk lead | spam | fake | bogus | test | trash | mull | indesirable | basura",
    "disqualified/not_a_fit": """not qualified | unqualified | disqualified | nicht qualifiziert | unqualifiziert
        | disqualifiziert | non qualifie | disqualifie | no calificado | descalificado""",
    "disqualified/bad_data": """bad data | invalid | wrong number | bounced | invalid data | falsche daten | ungultig
        | invalide | datos incorrectos | invalido""",
    "disqualified/competitor": "competitor | wettbewerber | konkurrent | concurrent | competidor",
}
_KNOWN = {squash(word): target for target, words in _WORDS.items() for word in " ".join(words.split()).split(" | ")}
CONVERTED = "opportunity"


def row(text: str, rows: int, chosen: str | None) -> StatusRow:
    """Return where leads with this status stand; `chosen` is an option's decision, None to look the words up."""
    known = _KNOWN.get(squash(text))
    target = chosen if chosen is not None else known or ""
    how = "chosen" if chosen is not None else "unknown" if known is None else "known"
    return _row(text, rows, target, how)


def converted(rows: int, chosen: str | None) -> StatusRow | None:
    """Return what converted means: an opportunity came of it, unless chosen otherwise; None when chosen to ignore it.

    That it became an opportunity is all the word says; how the opportunity ended is told by the list of opportunities.
    """
    if chosen == "":
        return None
    return _row("converted", rows, chosen or CONVERTED, "chosen" if chosen else "known")


def _row(text: str, rows: int, target: str, how: str) -> StatusRow:
    name, _, reason = target.partition("/")
    if not name:
        return StatusRow(text, rows, None, None, "", how)
    try:
        stage = Stage(name)
    except ValueError:
        raise Invalid(
            f"there is no stage {name!r}", field="statuses", mend=f"Use one of: {', '.join(map(str, Stage))}"
        ) from None
    if stage in CLOSED_STAGES:
        return StatusRow(text, rows, None, stage, reason or f"imported_{stage}", how)
    return StatusRow(text, rows, stage, None, "", how)
