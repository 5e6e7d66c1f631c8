"""The names of pictures and sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plumbing.media import make_picture

from quizapp.core.media import LARGEST_PICTURE, clean_medium, find_limit, find_type, is_plain_name, is_sound, tidy_name
from quizapp.core.problem import Problem


@pytest.mark.parametrize(
    "name", ["map.png", "paste-1a_2.jpg", "My picture (1).PNG", "Käse.webp", "地图.gif", "a+b, c's.mp3"]
)
def test_names_that_people_and_programs_give_are_taken(name: str) -> None:
    assert is_plain_name(name)
    assert find_type(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "png",
        ".png",
        "-a.png",
        " a.png",
        "a/b.png",
        "a\\b.png",
        "../a.png",
        "a..png",
        "a\n.png",
        "a\u202egnp.png",
        "a<b>.png",
        'a".png',
        "a.png ",
        "a.",
        "C:a.png",
        "Ka\u0308se.png",
        "a" * 100 + ".png",
    ],
)
def test_names_that_lead_elsewhere_or_deceive_are_not(name: str) -> None:
    assert not is_plain_name(name)
    problem = clean_medium(name, make_picture())
    assert isinstance(problem, Problem)
    assert problem.code == "bad-media-name"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.exe", "a.png.html", "a.bmp", "a.mp4", "a"])
def test_names_of_other_files_are_not_taken(name: str) -> None:
    problem = clean_medium(name, make_picture())
    assert isinstance(problem, Problem)
    assert problem.code == "bad-media-name"
    assert problem.file == (name)
    assert clean_medium(name, make_picture(), "deck/a") == Problem(
        "deck/a", 1, 1, problem.code, problem.message, problem.fix
    )


def test_a_picture_of_too_many_bytes_is_refused_unread() -> None:
    problem = clean_medium("a.png", bytes(LARGEST_PICTURE + 1))
    assert isinstance(problem, Problem)
    assert problem.code == "media-too-large"


def test_pictures_and_sounds_have_limits_of_their_own() -> None:
    assert is_sound("A.MP3")
    assert not is_sound("mp3.png")
    assert find_limit("a.mp3") < find_limit("a.png")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r"C:\fakepath\My Photo.JPG", "my-photo.jpg"),
        ("../../etc/passwd.png", "passwd.png"),
        ("Ümläut & Co.png", "umlaut-co.png"),
        ("地图.png", "file.png"),
        ("", "file"),
        ("a.tar.gz", "a-tar.gz"),
        ("x" * 500 + ".png", "x" * 50 + ".png"),
    ],
)
def test_a_name_that_is_sent_becomes_a_plain_one(sent: str, kept: str) -> None:
    assert tidy_name(sent) == kept


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert tidy_name("a.png", {"a.png", "a-2.png"}) == "a-3.png"


@given(st.text())
def test_every_name_becomes_plain(name: str) -> None:
    assert is_plain_name(tidy_name(f"{name}.png"))
