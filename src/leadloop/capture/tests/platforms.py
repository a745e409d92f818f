"""Webhooks as the platforms send them: bodies of their shape with invented people, signed in each one's way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import orjson

SECRET = "a-secret-of-the-app-0123456789"
VERIFY = "a-token-to-verify-with"


def signature(message: bytes, secret: str = SECRET, algorithm: str = "sha256") -> bytes:
    return hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).digest()


def meta(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": f"sha256={signature(body, secret).hex()}", "content-type": "application/json"}


def linkedin(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-li-signature": signature(b"hmacsha256=" + body, secret).hex()}


def typeform(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"typeform-signature": f"sha256={base64.b64encode(signature(body, secret)).decode()}"}


def calendly(body: bytes, secret: str = SECRET, *, at: float | None = None) -> dict[str, str]:
    moment = str(int(time.time() if at is None else at))
    made = signature(moment.encode() + b"." + body, secret).hex()
    return {"calendly-webhook-signature": f"t={moment},v1={made}"}


def generic(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-signature": signature(body, secret).hex()}


def unsigned(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Google Ads shows who it is within the body."""
    return {"content-type": "application/json"}


def meta_body(*numbers: str, field: str = "leadgen") -> bytes:
    changes = [
        {
            "field": field,
            "value": {
                "leadgen_id": number,
                "page_id": "4711000000001",
                "form_id": "4711000000002",
                "ad_id": "4711000000003",
                "created_time": 1772442000,
            },
        }
        for number in numbers
    ]
    return orjson.dumps({"object": "page", "entry": [{"id": "4711000000001", "time": 1772442001, "changes": changes}]})


def meta_lead(number: str, email: str = "ines@kessel.example", **more: Any) -> dict[str, Any]:
    """What the Graph API answers."""
    said = {"full_name": "Ines Kessel", "email": email, "company_name": "Kessel GmbH", "how_many_seats": "40"}
    return {
        "id": number,
        "created_time": "2026-03-02T09:00:00+0000",
        "form_id": "4711000000002",
        "field_data": [{"name": name, "values": [text]} for name, text in said.items()],
        **more,
    }


def linkedin_told(number: str = "aa11bb22-3") -> bytes:
    return orjson.dumps(
        {
            "type": "LEAD_ACTION",
            "leadGenFormResponse": f"urn:li:leadGenFormResponse:{number}",
            "leadGenForm": "urn:li:leadGenForm:9001",
            "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:77"},
            "leadType": "SPONSORED",
            "leadAction": "CREATED",
            "occurredAt": 1772442000000,
        }
    )


def linkedin_lead(number: str = "aa11bb22-3", *, test: bool = False) -> dict[str, Any]:
    answers = {"501": "omar@brenner.example", "502": "Omar", "503": "Brenner", "504": "Brenner AG"}
    return {
        "id": number,
        "leadType": "SPONSORED",
        "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:88"}},
        "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:9001,1)",
        "submittedAt": 1772442000000,
        "testLead": test,
        "formResponse": {
            "consentResponses": [],
            "answers": [
                {"questionId": int(key), "answerDetails": {"textQuestionAnswer": {"answer": text}}}
                for key, text in answers.items()
            ],
        },
    }


LINKEDIN_FORM = {
    "id": 9001,
    "content": {
        "questions": [
            {"questionId": 501, "predefinedField": "EMAIL"},
            {"questionId": 502, "predefinedField": "FIRST_NAME"},
            {"questionId": 503, "name": "Last name"},
            {"questionId": 504, "question": {"localized": {"en_US": "Company"}}},
        ]
    },
}


def google_body(lead_id: str = "TeSt-1", *, key: str = SECRET, test: bool = False, email: str = "") -> bytes:
    columns = {"FULL_NAME": "Ada Moreau", "EMAIL": email or "ada@moreau.example", "COMPANY_NAME": "Moreau SARL"}
    told = {
        "lead_id": lead_id,
        "user_column_data": [{"column_id": name, "string_value": text} for name, text in columns.items()],
        "api_version": "1.0",
        "form_id": 40000000001,
        "campaign_id": 123457,
        "google_key": key,
        "gcl_id": "Gcl-abc-1",
    }
    return orjson.dumps(told | ({"is_test": True} if test else {}))


def typeform_body(token: str = "tok-1", event: str = "ev-1") -> bytes:
    return orjson.dumps(
        {
            "event_id": event,
            "event_type": "form_response",
            "form_response": {
                "form_id": "fF1",
                "token": token,
                "submitted_at": "2026-03-02T09:00:00Z",
                "hidden": {"utm_source": "newsletter"},
                "calculated": {"score": 3},
                "definition": {
                    "id": "fF1",
                    "fields": [
                        {"id": "q1", "title": "What's your name?", "type": "short_text", "ref": "0f6a"},
                        {"id": "q2", "title": "Where do we reach you?", "type": "email", "ref": "1a2b"},
                        {"id": "q3", "title": "How soon?", "type": "multiple_choice", "ref": "when"},
                    ],
                },
                "answers": [
                    {"type": "text", "text": "Noor Haddad", "field": {"id": "q1", "type": "short_text", "ref": "0f6a"}},
                    {"type": "email", "email": "noor@haddad.example", "field": {"id": "q2", "ref": "1a2b"}},
                    {"type": "choice", "choice": {"label": "This quarter"}, "field": {"id": "q3", "ref": "when"}},
                ],
            },
        }
    )


def calendly_body(number: str = "INV1", event: str = "invitee.created") -> bytes:
    return orjson.dumps(
        {
            "event": event,
            "created_at": "2026-03-02T09:00:00.000000Z",
            "payload": {
                "email": "lena@vogt.example",
                "name": "Lena Vogt",
                "first_name": None,
                "last_name": None,
                "timezone": "Europe/Berlin",
                "created_at": "2026-03-02T09:00:00.000000Z",
                "uri": f"https://api.calendly.com/scheduled_events/EV1/invitees/{number}",
                "questions_and_answers": [{"question": "Company", "answer": "Vogt KG", "position": 0}],
                "tracking": {"utm_source": "mail", "utm_medium": None},
                "scheduled_event": {"start_time": "2026-03-05T13:00:00.000000Z"},
            },
        }
    )


def generic_body(number: str = "e-1") -> bytes:
    return orjson.dumps(
        {
            "meta": {"event": number},
            "data": {"contacts": [{"mail": "rui@costa.example", "who": "Rui Costa"}], "note": "Please call"},
        }
    )
