"""Static files in a third of their bytes, for who has a bad connection.

Pages are not compressed: they hold the token against forged forms beside words that others may have chosen, and the
length of such a mixture tells too much (https://en.wikipedia.org/wiki/BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

COMPRESSED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


@lru_cache(maxsize=256)
def _compress(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def compress_static(response: Response) -> Response:
    """Compress a style sheet, a script or a drawing for a browser that can read that."""
    if request.endpoint != "static" or response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or "Range" in request.headers or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(_compress(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag is not None:
        response.set_etag(f"{etag}-gzip")
        response.make_conditional(request)  # Flask has compared the plain file's; whoever has this one needs no bytes
    return response


def init_app(app: Flask) -> None:
    """Compress what the app serves from its folder of static files."""
    app.after_request(compress_static)
