"""Signing in by way of the school's own server, and who somebody is then."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from plumbing.school_sign_in import BACK, PASSWORD, add_person, count_rows, go_and_return, list_roles
from plumbing.sign_in_server import CLIENT, SECRET, SignInServer

from quizapp.services import accounts
from quizapp.services.accounts import Role
from quizapp.store.engine import Database


def test_the_first_time_an_account_is_made_and_the_next_time_it_is_the_same(
    visitor: Any, new_browser: Callable[[], Any], server: SignInServer, web_database: Database
) -> None:
    visitor.get("/sign-in?next=/progress")
    assert "Sign in with Hill School" in visitor.page
    assert go_and_return(visitor, server, "/sign-in/school?next=/progress").location == "/progress"
    assert "Noor Ali" in visitor.get("/account").text
    server.person["name"] = "Noor Ali-Haddad"  # names change; who somebody is does not
    again = new_browser()
    assert go_and_return(again, server).location == "/"
    assert "Noor Ali<" in again.get("/account").text
    assert list_roles(web_database) == {"Noor Ali": "student"}
    assert server.forms[0]["grant_type"] == "authorization_code"


def test_without_the_setting_there_is_nothing(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    assert "school" not in client.get("/sign-in").text
    for path in ("/sign-in/school", BACK, "/account/school/go", "/signed-out"):
        assert client.get(path).status_code == 404


def test_who_stops_on_the_way_is_told_so(visitor: Any, server: SignInServer) -> None:
    state = server.authorise(visitor.get("/sign-in/school").location).split("state=")[1].split("&")[0]
    back = visitor.get(f"{BACK}?error=access_denied&error_description=<script>alert(1)</script>&state={state}")
    assert back.status_code == 403
    assert "did not let you in" in visitor.page
    assert "<script>alert" not in visitor.page


def test_the_secret_goes_as_the_server_wants_it(visitor: Any, server: SignInServer) -> None:
    server.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert go_and_return(visitor, server).status_code == 303
    assert server.forms[0]["client_secret"] == SECRET


def test_without_a_secret_the_verifier_alone_proves_who_asks(make: Callable[..., Flask], server: SignInServer) -> None:
    client = make(oidc_client_secret="").test_client()
    query = server.authorise(client.get("/sign-in/school").location)
    assert client.get(f"{BACK}?{query}").status_code == 403  # this server wants one
    assert server.forms[0]["client_id"] == CLIENT
    assert "client_secret" not in server.forms[0]


def test_names_of_somebody_else_are_not_believed(visitor: Any, server: SignInServer) -> None:
    del server.person["name"]
    server.userinfo = {"sub": "person-2", "name": "Noor"}
    assert go_and_return(visitor, server).status_code == 403


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Noor Ali", "Noor Ali 2"),
        ("  noor   ALI ", "noor ALI 2"),
        ("<b>Noor</b>", "Student"),
        ("", "Student"),
        (7, "Student"),
        ("x" * 80, "x" * 80),
        ("x" * 200, "x" * 80),
        ("\u202eNoor", "Student"),
    ],
)
def test_a_name_never_opens_the_account_of_a_namesake(
    visitor: Any, server: SignInServer, web_database: Database, name: object, expected: str
) -> None:
    add_person(web_database, "Noor Ali", Role.TEACHER)
    server.person |= {"name": name, "email": "noor@school.example", "email_verified": True}
    server.userinfo = {"sub": "person-1"}
    assert go_and_return(visitor, server).status_code == 303
    assert list_roles(web_database) == {"Noor Ali": "teacher", expected: "student"}


@pytest.mark.parametrize(
    ("groups", "role"),
    [(["pupils", "teachers"], "teacher"), ("teachers", "teacher"), (["Teachers"], "student"), (None, "student")],
)
def test_who_teaches_is_the_servers_word_where_the_school_says_so(
    make: Callable[..., Flask], server: SignInServer, web_database: Database, groups: object, role: str
) -> None:
    server.person["realm"] = {"groups": groups}
    server.userinfo = {"sub": "person-1"}
    client = make(oidc_teachers="realm.groups=teachers").test_client()
    assert client.get(f"{BACK}?{server.authorise(client.get('/sign-in/school').location)}").status_code == 303
    assert list_roles(web_database) == {"Noor Ali": role}


def test_who_teaches_no_more_is_out_at_the_next_sign_in(
    make: Callable[..., Flask], server: SignInServer, web_database: Database
) -> None:
    app = make(oidc_teachers="groups=teachers")
    old, new = app.test_client(), app.test_client()
    server.person["groups"] = "teachers"
    old.get(f"{BACK}?{server.authorise(old.get('/sign-in/school').location)}")
    assert old.get("/account/two-factor").status_code == 200
    server.person["groups"] = "pupils"
    new.get(f"{BACK}?{server.authorise(new.get('/sign-in/school').location)}")
    assert list_roles(web_database) == {"Noor Ali": "student"}
    assert old.get("/account").status_code == 303
    assert new.get("/account").status_code == 200


def test_a_password_of_a_student_opens_nothing_once_the_student_teaches(
    make: Callable[..., Flask], visitor: Any, server: SignInServer, web_database: Database
) -> None:
    browser = type(visitor)(make(oidc_teachers="groups=teachers").test_client())
    server.person["groups"] = "pupils"
    go_and_return(browser, server)
    with web_database.writing() as session:
        accounts.set_password(session, "Noor Ali", PASSWORD, datetime.now(UTC))
        token = accounts.create_token_for(session, "Noor Ali", "mine", datetime.now(UTC))
    server.person["groups"] = "teachers"
    assert go_and_return(browser, server).status_code == 303
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"name": "Noor Ali", "password": PASSWORD}).status_code == 422
    with web_database.reading() as session:
        assert accounts.recognise_token(session, token, datetime.now(UTC)) is None


def test_without_a_mark_a_claim_makes_nobody_a_teacher(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    server.person |= {"role": "admin", "groups": ["teachers"], "is_admin": True}
    go_and_return(visitor, server)
    assert list_roles(web_database) == {"Noor Ali": "student"}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"name": "Bob", "password": PASSWORD}),
        ("/sign-in/start", {"name": "Bob", "password": PASSWORD, "new": PASSWORD}),
        ("/sign-up", {"name": "Ann", "password": PASSWORD}),
    ],
)
def test_where_the_server_is_the_only_way_passwords_open_nothing(
    make: Callable[..., Flask],
    visitor: Any,
    server: SignInServer,
    web_database: Database,
    path: str,
    form: dict[str, object],
) -> None:
    add_person(web_database, "Bob")
    browser = type(visitor)(make(oidc_only=True).test_client())
    browser.get("/sign-in")
    assert "Sign in with Hill School" in browser.page
    assert 'type="password"' not in browser.page
    browser.get("/study/birds")
    assert browser.post(path, form).location == "/sign-in"
    assert browser.get("/account").status_code == 303
    assert browser.get("/sign-up").location == "/sign-in"
    assert list_roles(web_database) == {"Bob": "student"}
    assert go_and_return(browser, server).status_code == 303


def test_a_guest_is_asked_whose_the_answers_are_and_keeps_them(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    assert go_and_return(visitor, server).location == "/account/guest"
    visitor.get("/account/guest")
    assert visitor.post("/account/guest", {"choice": "add"}).status_code == 303
    with web_database.reading() as session:
        owners = session.execute(sa.text("SELECT name FROM review JOIN account USING (learner_id)")).scalars().all()
    assert owners == ["Noor Ali"]


def test_who_has_no_password_signs_in_once_more_before_making_an_access_token(
    visitor: Any, server: SignInServer, web_database: Database
) -> None:
    assert go_and_return(visitor, server).status_code == 303
    visitor.get("/account")
    assert 'name="proof"' not in visitor.page
    assert visitor.post("/account/tokens", {"label": "my script"}).status_code == 201
    with web_database.writing() as session:
        session.execute(sa.text("UPDATE sign_in SET created_at = created_at - 601000"))
        session.commit()
    visitor.get("/account")
    assert "To make a token, sign in once more" in visitor.page
    assert 'name="label"' not in visitor.page
    assert visitor.post("/account/tokens", {"label": "my script"}).status_code == 422
    assert "Sign in once more, then make the token within ten minutes." in visitor.page
    assert go_and_return(visitor, server, "/sign-in/school?next=/account").location == "/account"
    visitor.get("/account")
    assert visitor.post("/account/tokens", {"label": "another script"}).status_code == 201
    assert count_rows(web_database, "access_token") == 2


def test_a_form_whose_sign_in_is_lost_asks_for_no_password_where_the_server_is_the_only_way(
    visitor: Any, make: Callable[..., Flask], web_database: Database
) -> None:
    add_person(web_database, "Alice")
    browser = type(visitor)(make(oidc_only=True).test_client())
    browser.get("/study/birds")
    assert browser.post("/classes", {"name": "Herons, year 7"}).status_code == 401
    assert "Herons, year 7" in browser.page
    assert 'type="password"' not in browser.page
    assert "Sign in in another tab" in browser.page
