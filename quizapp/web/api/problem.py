"""Errors of the API as problem documents: RFC 9457."""

import json
from collections.abc import Mapping

from flask import Response

from quizapp.web.logs import request_id


def make_problem(
    status: int,
    title: str,
    detail: str,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document. ``fields`` maps each field at fault to a sentence, as the member ``errors``.

    A failure of ours names its request, as the log does.
    """
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if fields:
        body["errors"] = dict(fields)
    if status >= 500:
        body["request_id"] = request_id()
    return Response(
        json.dumps(body, ensure_ascii=False), status, dict(headers or {}), content_type="application/problem+json"
    )
