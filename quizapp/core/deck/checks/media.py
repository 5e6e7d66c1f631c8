"""Pictures, sounds and formulas: whether they are there, can be told in words, and can be read."""

from collections.abc import Collection, Iterator, Sequence

from quizapp.core.deck.checks.desk import CardView, Finding
from quizapp.core.deck.media import list_media_names, list_texts
from quizapp.core.deck.text import shorten
from quizapp.core.markup import Embedded, list_embedded, list_unreadable
from quizapp.core.media import find_type, is_plain_name, is_sound
from quizapp.core.messages import say

_ENDINGS = say("png, jpg, gif, webp, mp3, ogg, opus, wav or m4a")


def _check_embedded(embedded: Embedded, names: Collection[str] | None) -> Iterator[tuple[str, str, str]]:
    """Code, message and fix."""
    name = shorten(embedded.name)
    if not embedded.words.strip():
        what = say("is heard") if is_sound(embedded.name) else say("is to be seen")
        yield (
            "no-alt",
            say("“%(name)s” has no words for those who cannot see or hear it.", name=name),
            say("Say what %(what)s: ![…](%(name)s).", what=what, name=name),
        )
    if not is_plain_name(embedded.name) or find_type(embedded.name) is None:
        fix = say(
            "Put the file into the deck's folder of media, and write its name alone: %(endings)s.", endings=_ENDINGS
        )
        yield (
            "strange-media",
            say("“%(name)s” is not the name of a picture or sound; its words are shown instead.", name=name),
            fix,
        )
    elif names is not None and embedded.name not in names:
        near = next((known for known in names if known.casefold() == embedded.name.casefold()), None)
        fix = (
            say("It is written `%(near)s` there.", near=near)
            if near
            else say("Add the file, or take it out of the card.")
        )
        yield (
            "missing-media",
            say("There is no picture or sound `%(name)s` in the deck's folder of media.", name=name),
            fix,
        )


def check_media(view: CardView, names: Collection[str] | None) -> Iterator[Finding]:
    """The rules on what a card shows; ``names`` are the files that there are, None where that is not known."""
    for path, text in list_texts(view.card):
        for embedded in list_embedded(text):
            for code, message, fix in _check_embedded(embedded, names):
                yield Finding(code, message, fix, view.number, path)
        for formula in list_unreadable(text):
            message = say(
                "The formula %(formula)s cannot be read, and is shown as it stands.", formula=shorten(formula)
            )
            fix = say("Mend it; where it is none, write \\$ for the dollar.")
            yield Finding("unreadable-formula", message, fix, view.number, path)


def check_unused(views: Sequence[CardView], names: Collection[str]) -> Iterator[Finding]:
    """The rule ``unused-media``, for one deck."""
    used = list_media_names(view.card for view in views)
    for name in sorted(set(names) - used):
        message = say("No card shows `%(name)s` of the deck's folder of media.", name=shorten(name))
        yield Finding("unused-media", message, say("Show it, or take the file away."), None, ("id",))
