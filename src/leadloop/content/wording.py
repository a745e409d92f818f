"""Days and times in the recipient's own words."""

from __future__ import annotations

from datetime import datetime

from leadloop.kernel.clock import time_zone

_WORDS = {
    "en": (
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("January", "February", "March", "April", "May", "June", "July",
         "August", "September", "October", "November", "December"),
        "{weekday}, {day} {month}, {time}",
    ),
    "de": (
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
         "August", "September", "Oktober", "November", "Dezember"),
        "{weekday}, {day}. {month}, {time} Uhr",
    ),
    "fr": (
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("janvier", "février", "mars", "avril", "mai", "juin", "juillet",
         "août", "septembre", "octobre", "novembre", "décembre"),
        "{weekday} {day} {month}, {time}",
    ),
    "es": (
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
         "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        "{weekday}, {day} de {month}, {time}",
    ),
}  # fmt: skip


def say_when(moment: datetime, zone: str, language: str = "en", *, name_zone: bool = False) -> str:
    """Return the moment as people say it: "Tuesday, 3 March, 15:00" or "Dienstag, 3. März, 15:00 Uhr".

    By the clock of `zone`; `name_zone` adds its name, for readers who may live elsewhere. Other languages than
    English, German, French and Spanish are answered in English. Raises Invalid for an unknown zone.
    """
    local = moment.astimezone(time_zone(zone))
    weekdays, months, form = _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
    said = form.format(
        weekday=weekdays[local.weekday()],
        day=local.day,
        month=months[local.month - 1],
        time=f"{local:%H:%M}",
    )
    return f"{said} ({zone.rpartition('/')[2].replace('_', ' ')})" if name_zone else said
