"""Asking a school's own language model for suggestions: one POST over HTTP, with limits on time and size.

Nothing is asked unless the school sets ``QUIZAPP_DRAFT_URL``. Redirects are not followed: the text goes to the address
that was set and nowhere else.
"""

import http.client
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from quizapp.core.deck.drafting import Passage
from quizapp.core.deck.drafting.hook import Answered, HookError, read_answer, write_request
from quizapp.core.messages import Message, say
from quizapp.core.source.document import Source

SECONDS: Final = 20.0
LARGEST_ANSWER: Final = 1_000_000
_PIECE: Final = 65_536
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the model listens, and the token it wants; ``seconds`` are for the whole exchange."""

    url: str
    token: str = ""
    seconds: float = SECONDS


class ModelFailed(Exception):
    """The model gave nothing to use; the message is for the teacher."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _read(response: http.client.HTTPResponse, deadline: float, clock: Clock) -> bytes:
    """The whole answer. A model that drips a byte a second is cut off, too."""
    pieces, length = [], 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST_ANSWER:
            raise ModelFailed(say("The language model's answer is too long."))
        if clock() > deadline:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _connect(hook: Hook) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(hook.url)
    host, path = parts.hostname or "", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=hook.seconds, context=context), path
    return http.client.HTTPConnection(host, parts.port, timeout=hook.seconds), path


def _post(hook: Hook, body: bytes, clock: Clock) -> bytes:
    deadline = clock() + hook.seconds
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
    headers |= {"Authorization": f"Bearer {hook.token}"} if hook.token else {}
    connection, path = _connect(hook)
    try:
        connection.request("POST", path, body, headers)
        with closing(connection.getresponse()) as response:
            if response.status != http.client.OK:
                raise ModelFailed(
                    say("The language model answered with the status %(status)s.", status=response.status)
                )
            return _read(response, deadline, clock)
    finally:
        connection.close()


def ask_model(hook: Hook, source: Source, passages: tuple[Passage, ...], clock: Clock = time.monotonic) -> Answered:
    """What the model suggests for a source, checked. Raises ModelFailed, whatever goes wrong."""
    body = write_request(source, passages)
    if body is None:
        raise ModelFailed(say("This text is too long for the language model."))
    try:
        return read_answer(_post(hook, body, clock), source, passages)
    except TimeoutError as error:
        raise ModelFailed(say("The language model took too long.")) from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise ModelFailed(say("The language model cannot be reached.")) from error
    except HookError as error:
        raise ModelFailed(say("The language model's answer cannot be read.")) from error
