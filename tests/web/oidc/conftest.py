"""A school with a sign-in server of its own."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from plumbing import sign_in_server
from plumbing.filled import Filling
from plumbing.sign_in_server import CLIENT, SECRET, SignInServer

from quizapp.store.engine import Database


@pytest.fixture(scope="module")
def _server() -> Iterator[SignInServer]:
    with sign_in_server.serving() as server:
        yield server


@pytest.fixture
def server(_server: SignInServer) -> SignInServer:
    """The school's sign-in server, as it should be."""
    _server.begin_anew()
    return _server


@pytest.fixture
def web_database(sqlite_database: Database, filling: Filling) -> Database:
    """A database with a deck. Nothing here is a matter of its dialect."""
    filling.into(sqlite_database)
    return sqlite_database


@pytest.fixture
def make(make_app: Callable[..., Flask], server: SignInServer) -> Callable[..., Flask]:
    """Make the app of a school with a sign-in server."""

    def make_with(**more: object) -> Flask:
        usual: dict[str, object] = {
            "public_url": "http://127.0.0.1",
            "oidc_issuer": server.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "Hill School",
        }
        return make_app(**(usual | more))

    return make_with


@pytest.fixture
def app(make: Callable[..., Flask]) -> Flask:
    """The app of a school with a sign-in server."""
    return make()
