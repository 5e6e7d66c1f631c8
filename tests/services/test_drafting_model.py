"""Asking a language model over HTTP: within its time, its size and its contract, or kindly not at all."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from pydantic import ValidationError

from quizapp.core.deck.drafting import Passage, read_passages
from quizapp.core.source.document import Block, Source
from quizapp.services.drafting import Asked, question_model
from quizapp.services.drafting_model import LARGEST_ANSWER, Hook, ModelFailed, ask_model
from quizapp.settings import Settings

TEXT = "The wall fell in 1989."
SOURCE = Source("wall", "The Wall", "en", "article", None, None, None, None, None, (Block("paragraph", 0, 1, TEXT, 1),))
GOOD = {
    "suggestions": [
        {
            "paragraph": 1,
            "kind": "date",
            "quote": "fell in 1989",
            "card": {"type": "short", "prompt": "When did the wall fall?", "answer": "1989", "match": "date"},
        },
        {"paragraph": 9},
    ]
}


class Model:
    """A language model of the tests: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps(GOOD).encode()
        self.length: int | None = None
        self.asked: list[tuple[str, str | None, bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/draft?school=1"

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.asked.append((self.path, self.headers["Authorization"], body))
                self.send_response(model.status)
                self.send_header("Location", model.url)
                self.send_header("Content-Length", str(len(model.body) if model.length is None else model.length))
                self.end_headers()
                self.wfile.write(model.body)

            def log_message(self, *_: object) -> None:
                return

        return Handler


@pytest.fixture
def model() -> Iterator[Model]:
    """A model that listens on this machine."""
    made = Model()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _fail(hook: Hook, clock: Callable[[], float] | None = None) -> str:
    with pytest.raises(ModelFailed) as caught:
        ask_model(hook, SOURCE, read_passages(SOURCE), *([clock] if clock else []))
    return str(caught.value.message)


def test_a_good_answer_gives_suggestions_and_counts_the_others(model: Model) -> None:
    suggestions, asked = question_model(Hook(model.url, "secret-token"), SOURCE)
    assert asked == Asked(1, 1)
    assert suggestions[0].card.citations[0].quote == "fell in 1989"
    ((path, authorization, body),) = model.asked
    assert (path, authorization) == ("/draft?school=1", "Bearer secret-token")
    assert json.loads(body)["paragraphs"] == [{"number": 1, "text": TEXT}]


def test_without_a_token_none_is_sent(model: Model) -> None:
    ask_model(Hook(model.url.partition("/draft")[0]), SOURCE, read_passages(SOURCE))
    assert [(path, authorization) for path, authorization, _ in model.asked] == [("/", None)]


@pytest.mark.parametrize("status", [302, 307, 404, 500, 204])
def test_another_status_is_told_and_redirects_are_not_followed(model: Model, status: int) -> None:
    model.status = status
    assert _fail(Hook(model.url)) == f"The language model answered with the status {status}."
    assert len(model.asked) == 1


def test_an_answer_that_is_too_long_is_not_read_to_its_end(model: Model) -> None:
    model.body = b" " * (LARGEST_ANSWER + 1)
    assert _fail(Hook(model.url)) == "The language model's answer is too long."


@pytest.mark.parametrize("body", [b"", b"<html>", b"[[[", b'{"suggestions": {}}'])
def test_an_answer_of_another_kind_is_told(model: Model, body: bytes) -> None:
    model.body = body
    assert _fail(Hook(model.url)) == "The language model's answer cannot be read."


def test_a_model_that_breaks_off_is_told(model: Model) -> None:
    model.length = 10_000
    assert _fail(Hook(model.url)) == "The language model cannot be reached."


def test_a_model_that_drips_is_cut_off(model: Model) -> None:
    clock = count(step=1000.0)
    assert _fail(Hook(model.url), lambda: next(clock)) == "The language model took too long."


def test_where_nobody_listens_that_is_told(model: Model) -> None:
    assert _fail(Hook("http://127.0.0.1:9/")) == "The language model cannot be reached."
    secure = model.url.replace("http:", "https:")
    assert _fail(Hook(secure)) == "The language model cannot be reached."


def test_a_text_that_is_too_long_is_not_sent(model: Model) -> None:
    passages = tuple(Passage(number, "word " * 4_000, ()) for number in range(60))
    with pytest.raises(ModelFailed) as caught:
        ask_model(Hook(model.url), SOURCE, passages)
    assert str(caught.value.message) == "This text is too long for the language model."
    assert model.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "models.example.org",
        "ftp://x.org",
        "https://",
        "https://a:b@x.org",
        "http://x.org:0",
        "http://x.org:a",
        "http://ä.org",
    ],
)
def test_a_setting_that_is_no_address_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(draft_url=url)
    with pytest.raises(ValidationError):
        Settings(draft_token="two\nlines")


def test_without_a_setting_nobody_is_asked_and_the_token_is_not_shown() -> None:
    assert Settings().draft_url == ""
    settings = Settings(draft_url="https://models.example.org:8443/draft?x=1", draft_token="secret-token")
    assert "secret-token" not in repr(settings)
