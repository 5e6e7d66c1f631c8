"""Each catalogue is complete, says what the English says, and is compiled."""

import io
import re
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted((ROOT / "quizapp" / "translations").glob("*/LC_MESSAGES/messages.po"))
# The makers of messages that gettext does not know by itself.
OURS = ("say", "_l")
PLACE = re.compile(r"%\((\w+)\)[-+ #0-9.]*[a-z]|%(?!\()[a-z]")
TAG = re.compile(r"<[^>]*>")

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)


@cache
def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def extract_texts() -> frozenset[tuple[str | None, str | tuple[str, ...]]]:
    """The texts of the interface as they are now, each with its context."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | dict.fromkeys(OURS)
    found = extract_from_dir(ROOT, methods, options, keywords)
    return frozenset((context, text) for _, _, text, _, context in found if text)


def messages_of(path: Path) -> list[Message]:
    return [message for message in read_catalogue(path) if message.id]


def forms_of(message: Message) -> Iterator[tuple[str, str, bool]]:
    """Each form of a message: the English beside it, the translation, and whether it may say the number in words."""
    if isinstance(message.id, str):
        yield message.id, message.string, False
        return
    for number, form in enumerate(message.string):
        yield message.id[1], form, number < len(message.string) - 1


def test_there_is_a_second_language_and_it_is_written_from_right_to_left():
    assert [path.parent.parent.name for path in CATALOGUES] == ["ar"]


def test_make_collects_the_same_texts_as_these_tests():
    command = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"-k {name} " in command for name in OURS)


def test_texts_are_found_in_python_and_in_templates():
    texts = extract_texts()
    assert (None, "There is no such deck.") in texts  # say()
    assert (None, "Enter your name.") in texts  # a form
    assert (None, "Skip to the content") in texts  # a template
    assert (None, ("%(num)s card", "%(num)s cards")) in texts
    assert ("cards", "Due") in texts


@each_catalogue
def test_every_text_is_translated(path):
    translated = {(message.context, message.id) for message in messages_of(path) if message.string}
    assert extract_texts() - translated == set(), "run `make messages`, then translate what is empty"


@each_catalogue
def test_no_text_is_translated_that_is_no_longer_there(path):
    assert {(message.context, message.id) for message in messages_of(path)} - extract_texts() == set()
    assert not read_catalogue(path).obsolete


@each_catalogue
def test_no_translation_is_empty_or_uncertain(path):
    for message in messages_of(path):
        assert not message.fuzzy, message.id
        assert all(form.strip() for _, form, _ in forms_of(message)), message.id


@each_catalogue
def test_every_plural_has_the_forms_of_the_language(path):
    catalogue = read_catalogue(path)
    locale = Locale.parse(path.parent.parent.name)
    assert catalogue.locale == locale
    assert catalogue.num_plurals == len({locale.plural_form(number) for number in range(200)})
    for message in messages_of(path):
        if isinstance(message.id, tuple):
            assert len(message.string) == catalogue.num_plurals, message.id


@each_catalogue
def test_numbers_are_counted_as_the_language_counts(path):
    order: dict[str, int] = {}
    locale = Locale.parse(path.parent.parent.name)
    compiled = GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    choose = compiled.plural
    for number in range(1000):
        assert order.setdefault(locale.plural_form(number), choose(number)) == choose(number), number
    assert sorted(order.values()) == list(range(len(order)))


@each_catalogue
def test_places_are_those_of_the_english(path):
    for message in messages_of(path):
        for english, form, may_spell in forms_of(message):
            expected, found = (sorted(match[0] for match in PLACE.finditer(text)) for text in (english, form))
            if may_spell and len(found) == len(expected) - 1:  # “two cards” is one word, and needs no number
                missing = set(expected) - set(found)
                assert len(missing) == 1, (english, form)
                found = sorted([*found, *missing])
            assert found == expected, (english, form)


@each_catalogue
def test_a_number_is_left_out_only_where_its_form_goes_with_that_number_alone(path):
    choose = GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes())).plural
    numbers: dict[int, set[int]] = {}
    for number in range(1000):
        numbers.setdefault(choose(number), set()).add(number)
    for message in messages_of(path):
        for place, (english, form, _) in enumerate(forms_of(message)):
            if isinstance(message.id, tuple) and len(PLACE.findall(form)) < len(PLACE.findall(english)):
                assert len(numbers[place]) == 1, (english, form)


@each_catalogue
def test_tags_are_those_of_the_english(path):
    for message in messages_of(path):
        for english, form, _ in forms_of(message):
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(english)), (english, form)


@each_catalogue
def test_marks_that_set_a_part_apart_are_closed(path):
    for message in messages_of(path):
        for _, form, _ in forms_of(message):
            depth = 0
            for sign in form:
                depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
                assert 0 <= depth <= 1, form
            assert depth == 0, form


@each_catalogue
def test_the_compiled_catalogue_is_that_of_the_text(path):
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"


def test_arabic_asks_with_its_own_marks():
    for message in messages_of(ROOT / "quizapp" / "translations" / "ar" / "LC_MESSAGES" / "messages.po"):
        for english, form, _ in forms_of(message):
            assert "?" not in re.sub("\u2066[^\u2069]*\u2069", "", form), form  # an example in Latin signs
            assert english.rstrip().endswith("?") == form.rstrip().endswith("؟"), (english, form)
            assert not set("“”") & set(form), form
            assert not re.search(r"[\u0621-\u064a][,;]", form), form
