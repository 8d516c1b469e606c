"""How are files and what is said about them read from a multipart body?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from qa_service.api.problems import FieldProblem, Refusal, require_media_type
from qa_service.curation import Upload

MULTIPART = "multipart/form-data"
FILE_PART = "file"
METADATA_PART = "metadata"
METADATA_BYTES = 64 * 1024
MOST_FIELDS = 10

UPLOAD: dict[str, Any] = {
    "required": True,
    "content": {
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": [FILE_PART],
                "additionalProperties": False,
                "properties": {
                    FILE_PART: {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}},
                    METADATA_PART: {
                        "type": "string",
                        "description": "JSON: one object for all files, or a list of them",
                    },
                },
            }
        }
    },
}
"""The body of an upload as OpenAPI describes it."""


async def read_uploads(request: Request, most_files: int) -> tuple[FormData, list[Upload]]:
    """Return the form, to be closed by the caller, and its files with their metadata. Raises Refusal."""
    require_media_type(request, MULTIPART)
    form = await request.form(max_files=most_files, max_fields=MOST_FIELDS, max_part_size=METADATA_BYTES)
    try:
        return form, _uploads(form)
    except BaseException:
        await form.close()
        raise


def _uploads(form: FormData) -> list[Upload]:
    unknown = sorted(set(form) - {FILE_PART, METADATA_PART})
    if unknown:
        raise _invalid(unknown[0], "unknown_parameter")
    files = [part for part in form.getlist(FILE_PART) if isinstance(part, UploadFile)]
    if not files or len(files) < len(form.getlist(FILE_PART)):
        raise _invalid(FILE_PART, "missing")
    described = _described(form, len(files))
    return [
        Upload(part.filename or "", part.file, part.size or 0, values)
        for part, values in zip(files, described, strict=True)
    ]


def _described(form: FormData, file_count: int) -> Sequence[Mapping[str, Any]]:
    """Return what is said about each file: one object for all of them, or a list with one for each."""
    parts = form.getlist(METADATA_PART)
    if not parts:
        return [{}] * file_count
    text = parts[0]
    if len(parts) > 1 or not isinstance(text, str):
        raise _invalid(METADATA_PART, "wrong_type", "no_descriptions")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed", reason="metadata: JSON") from error
    if isinstance(values, dict):
        return [values] * file_count
    if isinstance(values, list) and len(values) == file_count and all(isinstance(each, dict) for each in values):
        return values
    raise _invalid(METADATA_PART, "wrong_type", "no_descriptions")


def _invalid(parameter: str, code: str, sentence: str = "") -> Refusal:
    return Refusal("invalid_body", errors=[FieldProblem(parameter, code, sentence=sentence)])
