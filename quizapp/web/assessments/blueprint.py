"""The blueprint of the tests, and what its views share."""

from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_date, format_time
from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import say
from quizapp.services.assessments import finishing
from quizapp.web.context import now, reader, services, viewer, writer
from quizapp.web.locales import locale
from quizapp.web.text import show_time, translate
from quizapp.web.words import gettext

bp = Blueprint("assessments", __name__, url_prefix="/tests")

COUNTED_AT_ONCE = 20
"""How many attempts one look of a teacher puts into the logs of reviews; the others wait for the next look."""


def to_sign_in() -> ResponseReturnValue:
    """Ask who is looking, and come back here."""
    return redirect(url_for("accounts.sign_in_page", next=request.path), code=303)


def say_errors(error: Invalid | Conflict | None) -> dict[str, str]:
    """What went wrong, by field, in the reader's language."""
    if error is None:
        return {}
    if isinstance(error, Conflict):
        kept = gettext("What you typed is still here. Saving it again puts it in the place of theirs.")
        return {"": f"{translate(error.message)} {kept}"}
    return {name: translate(message) for name, message in error.fields.items()} or {"": translate(error.message)}


def say_seconds(moment: datetime) -> str:
    """The time of day to the second, in the school's zone."""
    return str(format_time(moment, "HH:mm:ss", tzinfo=services().rules.calendar.zone, locale=locale()))


def tidy_own() -> None:
    """End the attempts of whoever looks whose time is over, and count those whose result is final."""
    person = viewer()
    untidy = [] if person is None else finishing.list_untidy_of_learner(reader(), person.learner_id, now())
    for assessment, attempt in untidy:
        finishing.tidy_attempt(writer(), assessment, attempt, services().rules, now())


def tidy_test(assessment_id: int) -> None:
    """The same for all attempts at a test, for its teacher."""
    untidy = finishing.list_untidy_of_test(reader(), assessment_id, now())
    for assessment, attempt in untidy:
        finishing.end_if_over(writer(), assessment, attempt, now())
    for assessment, attempt in untidy[:COUNTED_AT_ONCE]:
        finishing.tidy_attempt(writer(), assessment, attempt, services().rules, now())


@bp.app_template_filter("seconds")
def _seconds_filter(moment: datetime) -> str:
    return say_seconds(moment)


@bp.app_template_filter("local_words")
def _local_words_filter(moment: datetime) -> Markup:
    """Day and time of day, in the school's zone."""
    zone = services().rules.calendar.zone
    day = format_date(moment.astimezone(zone), "long", locale=locale())
    time = format_time(moment, "short", tzinfo=zone, locale=locale())
    return show_time(moment, gettext("%(day)s, %(time)s", day=day, time=time))


@bp.app_template_filter("local_input")
def _local_input_filter(moment: datetime | None) -> str:
    """A moment as a field for date and time holds it."""
    return "" if moment is None else moment.astimezone(services().rules.calendar.zone).strftime("%Y-%m-%dT%H:%M")


def read_moment(text: str, field: str, faults: dict[str, str]) -> datetime | None:
    """The moment in a field for date and time, in the school's zone; blank: none. Faults are noted."""
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
        if not 1990 <= local.year <= 2200:
            raise ValueError("not a year of ours")
    except ValueError:
        faults[field] = say("Write date and time like 2026-11-22 14:30.")
        return None
    return local.replace(tzinfo=services().rules.calendar.zone) if local.tzinfo is None else local


def read_number(form: Mapping[str, str], field: str, lowest: int, highest: int, faults: dict[str, str]) -> int:
    """The whole number in a field. Faults are noted, and give the lowest."""
    text = form.get(field, "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10 and lowest <= int(text) <= highest:
        return int(text)
    faults[field] = say("Write a whole number from %(lowest)s to %(highest)s.", lowest=lowest, highest=highest)
    return lowest
