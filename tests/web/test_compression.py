"""Style sheets and scripts travel compressed; pages, which hold tokens, never do."""

import gzip

import pytest
from flask import Flask

from quizapp.web.text import static_url

GZIP = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize("name", ["app.css", "page.js", "icon.svg"])
def test_static_files_are_compressed_for_who_can_read_that(app: Flask, name: str) -> None:
    with app.test_request_context():
        address = static_url(name)
    with app.test_client().get(address) as plain:
        text = plain.get_data()
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
    for _ in range(2):
        with app.test_client().get(address, headers=GZIP) as small:
            assert small.headers["Content-Encoding"] == "gzip"
            assert int(small.headers["Content-Length"]) == len(small.get_data())
            assert gzip.decompress(small.get_data()) == text
            assert "max-age=31536000" in small.headers["Cache-Control"]
            assert small.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("accepted", [GZIP, {}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("name", ["app.css", "page.js", "icons/icon-192.png"])
def test_who_has_a_file_already_is_told_so_in_no_bytes(
    app: Flask, name: str, method: str, accepted: dict[str, str]
) -> None:
    client = app.test_client()
    with client.get(f"/static/{name}", headers=accepted) as first:
        etag, vary = first.headers["ETag"], first.headers.get("Vary")
    for known in (etag, f'"other", {etag}', f"W/{etag}"):
        with client.open(f"/static/{name}", method=method, headers=accepted | {"If-None-Match": known}) as again:
            assert (again.status_code, again.get_data()) == (304, b"")
            assert (again.headers["ETag"], again.headers.get("Vary")) == (etag, vary)
            assert "Content-Encoding" not in again.headers
    with client.open(f"/static/{name}", method=method, headers=accepted | {"If-None-Match": '"other"'}) as other:
        assert other.status_code == 200


def test_one_variant_of_a_file_is_not_taken_for_the_other(app: Flask) -> None:
    client = app.test_client()
    with client.get("/static/app.css", headers=GZIP) as small:
        etag = small.headers["ETag"]
    with client.get("/static/app.css", headers={"If-None-Match": etag}) as plain:
        assert plain.status_code == 200


def test_the_head_of_a_file_says_what_the_file_would(app: Flask) -> None:
    client = app.test_client()
    with client.get("/static/app.css", headers=GZIP) as whole, client.head("/static/app.css", headers=GZIP) as head:
        for name in ("Content-Encoding", "Content-Length", "ETag", "Vary"):
            assert head.headers[name] == whole.headers[name]


def test_the_style_sheet_takes_less_than_half(app: Flask) -> None:
    client = app.test_client()
    with client.get("/static/app.css") as plain, client.get("/static/app.css", headers=GZIP) as small:
        assert len(small.get_data()) * 2 < len(plain.get_data())


@pytest.mark.parametrize("refused", ["gzip;q=0", "identity", ""])
def test_who_cannot_read_it_gets_it_plain(app: Flask, refused: str) -> None:
    with app.test_client().get("/static/app.css", headers={"Accept-Encoding": refused}) as response:
        assert "Content-Encoding" not in response.headers
        assert b"--paper" in response.get_data()


def test_a_part_of_a_file_and_a_missing_one_are_left_alone(app: Flask) -> None:
    client = app.test_client()
    with client.get("/static/app.css", headers=GZIP | {"Range": "bytes=0-9"}) as part:
        assert "Content-Encoding" not in part.headers
    with client.get("/static/none.css", headers=GZIP) as missing:
        assert missing.status_code == 404


def test_pages_are_never_compressed(app: Flask) -> None:
    assert "Content-Encoding" not in app.test_client().get("/", headers=GZIP).headers
