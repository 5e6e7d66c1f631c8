"""Dates and periods."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting import Sentence
from quizapp.core.deck.drafting.dates import find_dates


def _find(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(finding.text, finding.sort) for finding in find_dates(Sentence(1, 0, text), language)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It fell on 9 November 1989.", [("9 November 1989", "day")]),
        ("It fell on November 9th, 1989, at night.", [("November 9th, 1989", "day")]),
        ("It fell on the 9th of November.", [("9th of November", "day")]),
        ("It was so in August 1945.", [("August 1945", "month")]),
        ("It lasted from 3–5 May 1921.", [("3–5 May 1921", "range")]),
        ("See 2024-01-02 and 15.8.1945.", [("2024-01-02", "day"), ("15.8.1945", "day")]),
        ("It was in 1871, or AD 79, or 44 BC.", [("1871", "year"), ("AD 79", "year"), ("44 BC", "year")]),
        ("It lasted from 1914 to 1918.", [("from 1914 to 1918", "range")]),
        ("Ada Lovelace (1815–1852) wrote.", [("1815–1852", "range")]),
        ("They had 2000 soldiers and £1945, 1990% of it, no. 3.1415.", []),
        ("In the early 1990s and the eighties.", [("the early 1990s", "decade"), ("the eighties", "decade")]),
        ("In the late 19th century it grew.", [("the late 19th century", "century")]),
        ("Last month and ten years ago.", [("Last month", "relative"), ("ten years ago", "relative")]),
        (
            "In recent years and for years to come.",
            [("In recent years", "relative"), ("for years to come", "relative")],
        ),
        ("The past is gone, and now he is currently ready.", []),
        ("It stood for more than forty years.", [("for more than forty years", "duration")]),
        ("She was aged 42, a 12-year-old at heart.", [("aged 42", "age"), ("12-year-old", "age")]),
        ("During the Cold War they met.", [("the Cold War", "period")]),
        ("It is from the Soviet era.", [("the Soviet era", "period")]),
        ("It began before the Korean War.", [("the Korean War", "period")]),
        ("The Korean War was long.", []),
        ("It was Liberation Day, before Christmas.", [("Liberation Day", "day"), ("Christmas", "day")]),
        ("Since the invasion of Ukraine it is so.", [("Since the invasion of Ukraine", "event")]),
        ("After Rome’s fall in 476 it rained.", [("After Rome’s fall", "event")]),
        ("After Rome’s fall in 1476 it rained.", [("1476", "year")]),
        ("In the summer of 1914 it was hot.", [("the summer of 1914", "month")]),
        ("Under the long reign of Queen Victoria it grew.", [("the long reign of Queen Victoria", "period")]),
        ("In May it may rain.", [("May", "month")]),
        ("They may march.", []),
        ("Caesar fell on the Ides of March in 44 BC.", [("the Ides of March", "day"), ("44 BC", "year")]),
        ("He ruled from 27 BC until AD 14, and died in 330.", [("27 BC", "year"), ("AD 14", "year"), ("330", "year")]),
        ("In 330 cases it held.", []),
        ("The war of 1914–18 ended.", [("1914–18", "range")]),
        ("On Monday night it rained.", [("On Monday night", "relative")]),
        ("He spoke Tuesday, then left that evening.", [("Tuesday", "relative"), ("that evening", "relative")]),
        ("By mid-September it froze.", [("mid-September", "month")]),
        ("It rose between May and December 1719.", [("between May and December 1719", "range")]),
        ("After the victory at Zama in 202 BC it ended.", [("202 BC", "year")]),
        ("At Christmas 1938 she walked.", [("Christmas 1938", "day")]),
        ("", []),
    ],
)
def test_dates_and_periods_are_found_and_other_numbers_are_not(text: str, dates: list[tuple[str, str]]) -> None:
    assert _find(text) == dates


@pytest.mark.parametrize(
    ("text", "language", "dates"),
    [
        ("Am 9. November 1989 fiel sie.", "de", [("9. November 1989", "day")]),
        ("Le 14 juillet 1789, tout change.", "fr", [("14 juillet 1789", "day")]),
        ("El 2 de mayo de 1808 fue así.", "es", [("2 de mayo de 1808", "day")]),
        ("1989年に壁が崩れた。", "ja", [("1989年", "year")]),
        ("Vor dem Kalten Krieg, last month.", "de", []),
        ("In 1989 of zo.", "nonsense", [("1989", "year")]),
    ],
)
def test_other_languages_have_the_dates_of_the_calendar(text: str, language: str, dates: list[tuple[str, str]]) -> None:
    assert _find(text, language) == dates


def test_the_same_time_in_other_words_is_one_thing() -> None:
    things = {
        finding.thing
        for text in ("In recent years.", "recent years.")
        for finding in find_dates(Sentence(1, 0, text), "en")
    }
    assert things == {"recent years"}


@given(st.text(max_size=200))
def test_no_two_dates_overlap(text: str) -> None:
    found = find_dates(Sentence(1, 0, text), "en")
    assert all(one.end <= other.start for one, other in pairwise(found))
