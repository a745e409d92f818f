"""The capture door in OpenAPI's form, for programs that deliver: served at /api/capture/openapi.json."""

from __future__ import annotations

from typing import Any

from leadloop.capture.door import bulk

NAME = "openapi.json"
_JSON = "application/json"
_WORDS: dict[str, str] = {
    "401": "The portal's secret is missing or wrong",
    "403": "This portal doesn't take such deliveries, or not from there",
    "404": "There is no such portal, or it is closed",
    "405": "Another method than POST",
    "408": "The rows did not arrive in time",
    "413": "Longer, or more rows, than is taken",
    "422": "The idempotency key came before with another body, or nothing of it can be stored",
    "429": "Too often from one address",
    "503": "The database does not answer; send it again with the same idempotency key",
}


def describe() -> dict[str, Any]:
    """Return the description. Bodies are free: what a sender calls a thing is kept."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Leadloop: the capture door",
            "version": "1",
            "description": "Deliver inquiries through a portal for servers. What was answered 202 is stored. The same"
            " Idempotency-Key with the same body counts once; with another body it is refused.",
        },
        "paths": {
            "/api/capture/{portal}": {"post": _single()},
            "/api/capture/{portal}/bulk": {"post": _many()},
        },
        "components": {
            "securitySchemes": {"portal": {"type": "http", "scheme": "bearer", "description": "The portal's secret"}},
            "schemas": _schemas(),
        },
        "security": [{"portal": []}],
    }


def _single() -> dict[str, Any]:
    inquiry = {"schema": {"$ref": "#/components/schemas/Inquiry"}}
    form = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
    return {
        "operationId": "deliver",
        "summary": "Deliver one inquiry",
        "description": "It is stored unread; what can't be read waits in quarantine.",
        "parameters": _parameters(),
        "requestBody": {
            "required": True,
            "content": {_JSON: inquiry, "application/x-www-form-urlencoded": form},
        },
        "responses": {"202": _answer("Stored", "Stored"), **_refusals("401", "403", "404", "405", "413", "422", "429")},
    }


def _many() -> dict[str, Any]:
    inquiry = {"$ref": "#/components/schemas/Inquiry"}
    rows = {"schema": {"type": "array", "minItems": 1, "maxItems": bulk.MOST_ROWS, "items": inquiry}}
    lines = {"schema": {"type": "string", "description": "One JSON object in each line"}}
    return {
        "operationId": "deliverMany",
        "summary": "Deliver many inquiries",
        "description": f"Up to {bulk.MOST_ROWS:,} rows and {bulk.MOST_BYTES >> 20} MB. Each row is answered: stored,"
        " known from before, or refused with what is wrong. Rows that can be read are stored together.",
        "parameters": _parameters(),
        "requestBody": {
            "required": True,
            "content": {_JSON: rows, "application/x-ndjson": lines},
        },
        "responses": {"202": _answer("Stored", "Many"), **_refusals("401", "403", "404", "405", "408", "413", "422")},
    }


def _parameters() -> list[dict[str, Any]]:
    key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"}
    return [
        {
            "name": "portal",
            "in": "path",
            "required": True,
            "description": "The portal's key or public slug",
            "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
        },
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Makes a delivery that is sent again count once",
            "schema": key,
        },
    ]


def _answer(words: str, schema: str) -> dict[str, Any]:
    return {"description": words, "content": {_JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _refusals(*codes: str) -> dict[str, Any]:
    return {code: _answer(_WORDS[code], "Problem") for code in (*codes, "503")}


def _schemas() -> dict[str, Any]:
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    problem = {"code": text, "problem": text, "field": text, "mend": text}
    states = {"stored": count, "known": count, "refused": count}
    number = {"type": "string", "pattern": "^[0-9]+$"}
    taken = {"row": count, "status": {"enum": ["stored", "known"]}, "id": number}
    refused = {"row": count, "status": {"const": "refused"}, **problem}
    return {
        "Inquiry": {
            "type": "object",
            "description": "Named values under the sender's own names, such as email, name, company, message",
            "additionalProperties": True,
        },
        "Stored": {
            "oneOf": [
                _object({"id": number, "status": {"enum": ["stored", "known"]}}),
                _object({"id": {"type": "null"}, "status": {"const": "kept"}}),
            ],
            "description": "Kept: on our disk while the database is away, where the installation is set up for it",
        },
        "Many": _object({**states, "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}),
        "Row": {"oneOf": [_object(taken), _object(refused)]},
        "Problem": _object(problem, more=True),
    }


def _object(properties: dict[str, Any], *, more: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": more,
    }
