"""docs/media.md says what the program does."""

import re
from pathlib import Path

from quizapp.core.deck.checks import RULES
from quizapp.core.formulas import LONGEST_FORMULA
from quizapp.core.media import CODES, LARGEST_PICTURE, LARGEST_SOUND, clean_medium
from quizapp.core.media.pictures import LONGEST_SIDE, MOST_PIXELS, MOST_PIXELS_OF_PHOTOS
from quizapp.core.problem import Problem

PAGE = (Path(__file__).parents[3] / "docs" / "media.md").read_text(encoding="utf-8")


def test_every_code_is_told_as_the_program_has_it() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert dict(told) == CODES


def test_the_rules_it_names_are_rules() -> None:
    named = re.search(r"What `deck check` says of cards \((.*?)\)", PAGE, re.DOTALL)
    assert named
    assert set(re.findall(r"`([a-z-]+)`", named[1])) <= set(RULES)


def test_the_limits_it_tells_are_those_of_the_program() -> None:
    assert f"{LARGEST_PICTURE // 1024 // 1024} MB; {MOST_PIXELS['png'] // 10**6} million pixels" in PAGE
    assert f"WebP: {MOST_PIXELS['webp'] // 10**6} million; JPEG as cameras write it: " in PAGE
    assert f"{MOST_PIXELS_OF_PHOTOS // 10**6} million" in PAGE
    assert f"{LARGEST_SOUND // 1024 // 1024} MB | as they are" in PAGE
    assert f"at most {LONGEST_SIDE:,} pixels" in PAGE
    assert f"over {LONGEST_FORMULA:,} characters" in PAGE


def test_only_codes_that_are_told_come_of_cleaning() -> None:
    for name, data in (("a.png", b""), ("a.mp3", b""), ("a", b""), ("a.png", bytes(LARGEST_PICTURE + 1))):
        problem = clean_medium(name, data)
        assert isinstance(problem, Problem)
        assert problem.code in CODES
