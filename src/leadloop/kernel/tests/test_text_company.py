"""Spellings of one firm meet under one key; different firms don't."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.tests.samples import sample
from leadloop.kernel.text import company_key


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("acme", ["Acme", "ACME Inc.", "acme, inc", "Acme GmbH & Co. KG", "The Acme Company", "Acme Co., Ltd.",
                  "Acme S.p.A.", "Acme S. à r.l.", "Acme Sp. z o.o.", "Acme Pty Ltd", "Acme G.m.b.H."]),
        ("muller and sohne", ["Müller & Söhne GmbH", "Müller und Söhne", "MÜLLER + SÖHNE KG"]),
        ("volvo", ["AB Volvo", "A B Volvo", "Volvo AB"]),
        ("ромашка", ["ООО «Ромашка»", "Ромашка ООО"]),
        ("トヨタ自動車", ["トヨタ自動車株式会社", "株式会社トヨタ自動車", "トヨタ自動車（株）"]),
        ("tiffany", ["Tiffany & Co.", "Tiffany and Company"]),
        ("at and t", ["AT&T", "AT & T Inc."]),
        ("trader joes", ["Trader Joe's", "Trader Joe’s"]),
        ("amazon com", ["Amazon.com, Inc."]),
        ("bp uk", ["BP UK"]),
        ("sa", ["S.A.", "SA"]),
        ("company", ["Company", "The Company"]),
        ("ab", ["AB GmbH", "A B"]),
        ("", ["", " -- ", "!"]),
    ],
)  # fmt: skip
def test_spellings_meet(key, spellings):
    assert {company_key(name) for name in spellings} == {key}


@given(st.text(max_size=30), st.sampled_from(["GmbH", "Inc.", "Ltd", "S.A.", "& Co. KG", ""]))
def test_a_key_is_stable_and_plain(name, form):
    key = company_key(f"{name} {form}")
    assert company_key(key) == key
    assert key == " ".join(key.split())


@given(st.text(alphabet="abcdefgh ", min_size=3, max_size=20).filter(str.strip))
def test_case_and_a_legal_form_make_no_difference(name):
    assert company_key(f"{name} GmbH") == company_key(name.upper())


def test_legal_forms_come_off_real_names():
    with sample("company_names/companies.csv").open(encoding="utf-8") as lines:
        names = [row[0] for row in csv.reader(lines, delimiter=";") if row]
    forms = {"inc", "ltd", "gmbh", "plc", "corp", "corporation", "llc", "limited", "incorporated", "kg", "nv"}
    left = [name for name in names if company_key(name).split()[-1] in forms]
    assert len(names) > 1000
    assert not left
    assert all(map(company_key, names))
