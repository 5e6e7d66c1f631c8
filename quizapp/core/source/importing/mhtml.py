"""A web page saved as one file (MHTML, RFC 2557): the page within the mail that it is."""

import re
from email import policy
from email.parser import BytesParser
from typing import cast

from quizapp.core.messages import say
from quizapp.core.source.importing.model import ImportedText, refuse
from quizapp.core.source.importing.webpage import read_webpage

_BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]{1,200})', re.IGNORECASE)
_START = 4096
_MOST_PARTS = 2000


def is_mhtml(data: bytes) -> bool:
    """Whether these bytes are a web page saved as one file."""
    start = data[:_START].lower()
    return b"multipart/related" in start and b"mime-version" in start


def read_mhtml(data: bytes) -> ImportedText:
    """The first page of a saved one; pictures and styles beside it are passed over. Raises Invalid."""
    boundary = _BOUNDARY.search(data[:_START])
    parts = data.split(b"--" + boundary[1], _MOST_PARTS) if boundary else []
    for part in parts[1:]:
        mail = BytesParser(policy=policy.compat32).parsebytes(part.lstrip(b"\r\n"), headersonly=True)
        if mail.get_content_type() == "text/html":
            mail = BytesParser(policy=policy.compat32).parsebytes(part.lstrip(b"\r\n"))
            page = cast(bytes, mail.get_payload(decode=True))
            return read_webpage(page, mail.get_content_charset() or "")
    raise refuse(say("There is no page in this file. Save it in your browser as “Webpage, HTML only”."))
