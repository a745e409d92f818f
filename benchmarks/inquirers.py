"""Invented inquirers: as many as wanted, the same for the same number, three to a firm."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

GIVEN = ("Anna", "Ben", "Carla", "Deniz", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lena", "Mehmet")
FAMILY = ("Albers", "Bauer", "Costa", "Duarte", "Eriksen", "Fischer", "Gallo", "Haas", "Ivanov", "Jansen", "Keller")
TITLES = ("Head of Operations", "Purchasing Manager", "CEO", "Engineer", "Assistant", "Technical Director", "")
INDUSTRIES = ("Machinery", "Chemicals", "Food", "Logistics", "Energy")
# For several benchmarks on one database: other people for each.
SHIFT = int(os.environ.get("LEADLOOP_BENCH_SHIFT", "0"))
COLUMNS = (
    "First name",
    "Last name",
    "E-mail",
    "Phone",
    "Company",
    "Website",
    "Industry",
    "Title",
    "Country",
    "Message",
)


def row(number: int) -> tuple[str, ...]:
    """One of them; see COLUMNS."""
    number += SHIFT
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    firm = number // 3
    domain = f"firm{firm:06d}.example"
    return (
        given,
        f"{family}{_letters(number)}",
        f"{given.lower()}.{family.lower()}.{number}@{domain}",
        f"+49 30 {1_000_000 + number}",
        f"Firm {_letters(firm)} GmbH",
        f"https://www.{domain}",
        INDUSTRIES[firm % len(INDUSTRIES)],
        TITLES[number % len(TITLES)],
        "Germany",
        "Please send me your price list and call me back." if number % 3 == 0 else "",
    )


def rows(count: int, *, start: int = 0) -> Iterator[tuple[str, ...]]:
    """So many of them, beginning with the one of this number."""
    return (row(number) for number in range(start, start + count))


def write_csv(path: Path, count: int, *, start: int = 0) -> None:
    """A file of them as trade shows send one."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, start=start))


def body(number: int) -> dict[str, str]:
    """One of them as a form delivers."""
    given, family, email, phone, company, website, _, title, country, message = row(number)
    return {
        "first_name": given,
        "last_name": family,
        "email": email,
        "phone": phone,
        "company": company,
        "website": website,
        "title": title,
        "country": country,
        "message": message,
    }


def _letters(number: int) -> str:
    """A number as lower-case letters, so that names are names."""
    text = ""
    while True:
        number, rest = divmod(number, 26)
        text = chr(97 + rest) + text
        if not number:
            return text
