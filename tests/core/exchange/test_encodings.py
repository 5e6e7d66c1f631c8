"""How the letters of a text file are stored: told apart where one can be sure, else as most programs write."""

import pytest

from quizapp.core.exchange.decoding import decode
from quizapp.core.exchange.encodings import ENCODINGS, guess_western, is_in_doubt

WORDS = {
    "Italian": "Perché la città è così? L’università è là.",
    "French": "Où est l’été ? Le garçon a mangé une crêpe, et le maïs à la forêt… « Ça va ? »",
    "German": "Die Brücke über die Straße war schön; Ähren, Öfen und Übermut – so heißt es.",
    "Spanish": "¿Cuándo llegó el niño? La montaña está aquí: mañana será otro día.",
    "Portuguese": "A população não é só do Sertão; coração, pães e avós.",
    "Swedish": "På hösten kör de över ån, och älgen står i skogen nära sjön.",
    "English": "“Don’t go,” she said—it isn’t “safe”… The café closes.",
    "a list": "pâté\tfoie\r\ncrème brûlée\tœufs\r\nnoël\tdécembre\r\n",
}


@pytest.mark.parametrize("language", WORDS)
def test_texts_of_old_macs_and_of_windows_are_told_apart(language: str) -> None:
    text = WORDS[language]
    assert guess_western(text.encode("mac-roman")) == "mac-roman"
    assert guess_western(text.encode("cp1252")) == "cp1252"
    for encoding, told in (("mac-roman", "Mac OS Roman"), ("cp1252", "Windows-1252")):
        read = decode(text.encode(encoding), "words.txt")
        assert (read.text, read.problems) == (text, ())
        assert told in read.note


def test_where_one_cannot_be_sure_it_is_windows() -> None:
    for unsure in (b"", b"plain", b"caf\x8e\xe9", b"\xff\xfe\xfd", "ДОМ и лес".encode("cp1251"), b"5 \x8a 6 \xb0 7"):
        assert guess_western(unsure) == "cp1252"


def test_another_alphabet_read_as_western_is_warned_of_and_can_be_chosen() -> None:
    text = "Когда пала стена?\tВ ноябре 1989 года\r\n"
    doubted = decode(text.encode("cp1251"), "words.txt")
    assert [problem.code for problem in doubted.problems] == ["letters-in-doubt"]
    assert "Windows-1252" in doubted.problems[0].message
    chosen = decode(text.encode("cp1251"), "words.txt", encoding="cp1251")
    assert (chosen.text, chosen.problems) == (text, ())
    assert "Cyrillic" in chosen.note
    assert not is_in_doubt("")
    assert not is_in_doubt("àèé" * 2)  # too few to say


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_code_that_is_offered_reads_what_it_wrote(encoding: str) -> None:
    read = decode("Wall; 1989".encode(encoding), "words.txt", encoding=encoding)
    assert (read.text, read.problems) == ("Wall; 1989", ())
    assert ENCODINGS[encoding] in read.note


def test_a_chosen_code_that_does_not_fit_is_refused_and_one_that_is_not_known_is_not_heeded() -> None:
    read = decode("schön".encode("cp1252"), "words.txt", encoding="utf-8")
    assert read.text is None
    assert [problem.code for problem in read.problems] == ["not-text"]
    assert "Choose how its letters are stored" in read.problems[0].fix
    for odd in ("rot13", "hex", "zip", "undefined", "../etc"):
        assert decode("schön".encode(), "words.txt", encoding=odd).text == "schön"


def test_hidden_signs_are_told_beside_the_doubt() -> None:
    read = decode("стена и крыша\x01".encode("cp1251"), "words.txt")
    assert [problem.code for problem in read.problems] == ["letters-in-doubt", "hidden-character"]


def test_a_mark_of_utf_8_is_taken_off_where_the_code_was_chosen() -> None:
    assert decode(b"\xef\xbb\xbfFront\tBack", "words.txt", encoding="utf-8").text == "Front\tBack"


def test_a_long_file_is_judged_by_its_first_thousands_of_signs() -> None:
    assert guess_western(("Das Mädchen hört. " * 2_000).encode("mac-roman") + b"\x8e \xe9 " * 10_000) == "mac-roman"
