"""Headings of other systems and languages find our fields."""

from __future__ import annotations

import pytest

from leadloop.capture.parse.fields import Field, label
from leadloop.capture.parse.keys import Resolver, field_of, squash

KNOWN = {
    Field.GIVEN_NAME: ["First Name", "firstName", "FIRSTNAME", "Vorname", "Prénom", "Nombre de pila"],
    Field.FAMILY_NAME: ["Last Name", "last_name", "Nachname", "Nom de famille", "Apellidos"],
    Field.FULL_NAME: ["Name", "contact.name", "Full name *", "Ansprechpartner", "Nom", "Nombre", "What's your name?"],
    Field.EMAIL: ["E-Mail-Adresse", "email", "contact[email]", "Courriel", "Correo electrónico", "emailaddress1"],
    Field.PHONE: ["Phone", "Telefon", "Téléphone", "phone_number", "Tel."],
    Field.MOBILE: ["Mobile", "Handy", "Teléfono móvil", "mobile_phone"],
    Field.COMPANY: ["Company", "company.name", "Firma (optional)", "Nom de l'entreprise", "Empresa", "Account Name"],
    Field.WEBSITE: ["Website", "Webseite", "Site web", "Sitio web", "URL"],
    Field.INDUSTRY: ["Industry", "Branche", "Secteur d'activité", "Industria"],
    Field.EMPLOYEES: ["number_of_employees", "Anzahl Mitarbeiter", "Company Size", "Effectif"],
    Field.COUNTRY: ["Country", "Land", "Pays", "País"],
    Field.MESSAGE: ["Message", "Ihre Nachricht", "Votre message", "Comentarios", "How can we help you?"],
    Field.SOURCE: ["Lead Source", "Quelle", "Origine", "Fuente del lead"],
    Field.EXTERNAL_ID: ["LEADID", "Lead Id", "Prospect ID", "id"],
    Field.CREATED_AT: ["Created Time", "createdAt", "Erstellt am", "Date de création", "Fecha de creación"],
    Field.OWNER: ["Lead Owner", "Zuständiger", "Propriétaire", "Propietario"],
    Field.STATUS: ["Lead Status", "hs_lead_status", "Statut", "Estado"],
    Field.CONVERTED: ["CONVERTED", "is_converted"],
    Field.NO_EMAIL: ["has_opted_out_of_email", "Do Not Email"],
    Field.BUDGET: ["Budget"],
    Field.TIMING: ["Time frame", "Zeitrahmen"],
    Field.UTM_CAMPAIGN: ["utm_campaign", "utm_campaign__c"],
    Field.GCLID: ["gcl_id", "gclid"],
}
UNKNOWN = [
    "form_name", "form.name", "event.name", "month_Created Time1", "Unnamed: 37", "google_key", "page_title", "",
    "form_response.definition.fields.title", "Lead Quality", "Contact Owner Id", "#", "日付",
]  # fmt: skip


@pytest.mark.parametrize(("field", "heading"), [(field, one) for field, ones in KNOWN.items() for one in ones])
def test_headings_are_known(field: Field, heading: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize("heading", UNKNOWN)
def test_headings_that_say_nothing_to_us_are_not_guessed(heading: str) -> None:
    assert field_of(heading) is None


def test_the_portals_own_mapping_counts_before_ours() -> None:
    find = Resolver((("q1", "budget"), ("Name", "company"), ("E-Mail", ""), ("internal", "-")), ours=False)
    assert find("q1") == Field.BUDGET
    assert find("answers.q1") == Field.BUDGET
    assert find("name") == Field.COMPANY
    assert find("e_mail") is None
    assert find("internal") == Field.IGNORE


def test_nobody_outside_takes_a_lead_by_naming_an_owner() -> None:
    outside, ours = Resolver((), ours=False), Resolver((), ours=True)
    for key, field in [("owner", Field.OWNER), ("status", Field.STATUS), ("converted", Field.CONVERTED)]:
        assert outside(key) is None
        assert ours(key) == field


def test_keys_from_outside_do_not_fill_the_memory() -> None:
    find = Resolver((), ours=False)
    for number in range(10_000):
        find(f"key {number}")
    assert len(find.memo) <= 4096


def test_squash_compares_what_is_read_not_how_it_is_dressed() -> None:
    assert squash("E-Mail  Adresse") == squash("eMailAdresse") == squash("e_mail_adresse__c") == "emailadresse"


def test_every_field_has_a_name_for_people() -> None:
    assert label("given_name") == "First name"
    assert label("utm_source") == "utm_source"
    assert all(label(field) for field in Field)
