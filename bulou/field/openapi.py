"""The phone API as other programs read it: OpenAPI 3.1, made from the shapes in wire.py."""

from typing import Any

import msgspec

from bulou import __version__
from bulou.field import wire

_SHAPES = (wire.Enrol, wire.Enrolment, wire.Proof, wire.AskChallenge, wire.Challenge, wire.SignIn, wire.SignedIn,
           wire.SentEntry, wire.Pushed, wire.Work, wire.Form, wire.Problem, wire.Status)  # fmt: skip
_UUID = {"type": "string", "format": "uuid"}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 5 * 1024 * 1024}


def document() -> dict[str, Any]:
    """Return the document."""
    _, schemas = msgspec.json.schema_components(_SHAPES, ref_template="#/components/schemas/{name}")
    schemas["Push"] = {
        "title": "Push",
        "description": wire.Push.__doc__,
        "type": "object",
        "required": ["entries"],
        "properties": {
            "entries": {"type": "array", "maxItems": wire.MOST_ENTRIES, "items": _ref("SentEntry")},
            "lost": {
                "type": "array",
                "maxItems": 200,
                "items": {
                    "type": "array", "minItems": 2, "maxItems": 2,
                    "items": {"type": "integer", "minimum": 1, "maximum": wire.HIGHEST_SEQ},
                },
            },
            "status": {"anyOf": [_ref("Status"), {"type": "null"}]},
        },
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bulou field API", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


_ABOUT = (
    "What a phone says to the server. Moments are YYYY-MM-DDTHH:MM:SS.mmmZ, areas are codes of 12 or 18 digits, binary "
    "is base64url without padding, signatures are ECDSA on P-256 over SHA-256, r and s of 32 bytes each. Nothing a worker "
    "recorded is refused: an entry that cannot be applied is receipted as held."
)


def _paths() -> dict[str, Any]:
    device, digest = _parameter("device", _UUID), _parameter("digest", _HASH)
    signed: dict[str, Any] = {"security": [{"session": []}]}
    return {
        "/field/v1/enrol": {
            "post": _operation("enrol", "Offer a phone's key for a token", "Enrol", 201, "Enrolment", 400, 403, 413, 429)
        },
        "/field/v1/enrol/{device}": {
            "post": _operation("enrolment", "Ask how an enrolment stands", "Proof", 200, "Enrolment", 400, 404, 413, 429)
            | {"parameters": [device]}
        },
        "/field/v1/challenge": {
            "post": _operation("challenge", "Ask for a challenge", "AskChallenge", 200, "Challenge", 400, 413)
        },
        "/field/v1/sessions": {
            "post": _operation("sign_in", "Sign in", "SignIn", 201, "SignedIn", 400, 401, 413, 429)
        },
        "/field/v1/entries": {
            "post": _operation("push", "Send entries", "Push", 200, "Pushed", 400, 401, 413) | signed
        },
        "/field/v1/work": {
            "get": _operation("pull", "Ask what changed", "", 200, "Work", 401, 403)
            | {"parameters": [{"name": "cursor", "in": "query", "schema": {"type": "string", "maxLength": 64}}]}
            | signed
        },
        "/field/v1/forms/{kind}/{hash}": {
            "get": _operation("form", "Fetch a form", "", 200, "Form", 401, 403, 404)
            | {"parameters": [_parameter("kind", _SLUG), _parameter("hash", _SLUG)]}
            | signed
        },
        "/field/v1/attachments/{digest}": {
            "head": _bare("arrived", "Ask how much of a photograph has arrived", 200, 204, 401, 404)
            | {"parameters": [digest]}
            | signed,
            "put": _bare("attach", "Send a piece of a photograph", 200, 204, 400, 401, 404, 409, 413)
            | {
                "parameters": [digest, _header("Upload-Offset"), _header("Upload-Length")],
                "requestBody": {"content": {"application/octet-stream": {"schema": {}}}},
            }
            | signed,
        },
        "/field/v1/openapi.json": {"get": _bare("openapi", "This document", 200)},
    }  # fmt: skip


_SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameter(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": shape}


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": _NUMBER}


def _json(name: str, what: str) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"schema": _ref(name)}}}


def _operation(id_: str, summary: str, asked: str, status: int, told: str, *problems: int) -> dict[str, Any]:
    said: dict[str, Any] = {"operationId": id_, "summary": summary}
    if asked:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(asked)}}}
    said["responses"] = {str(status): _json(told, summary)} | {str(n): _json("Problem", "Why not") for n in problems}
    return said


def _bare(id_: str, summary: str, *statuses: int) -> dict[str, Any]:
    return {"operationId": id_, "summary": summary, "responses": {str(n): {"description": summary} for n in statuses}}
