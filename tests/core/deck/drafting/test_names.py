"""Organisations, states and people."""

import pytest

from quizapp.core.deck.drafting import split_sentences
from quizapp.core.deck.drafting.names import find_names


def _find(text: str, language: str = "en") -> list[tuple[str, str]]:
    found = find_names(split_sentences(text), language)
    return [(finding.text, finding.sort) for findings in found for finding in findings]


def _things(text: str) -> list[str]:
    return [finding.thing for findings in find_names(split_sentences(text), "en") for finding in findings]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In May France and South Korea met.", [("France", "state"), ("South Korea", "state")]),
        ("The Kremlin and Tokyo agreed.", [("Kremlin", "seat"), ("Tokyo", "seat")]),
        ("The North Korea-Russia border is short.", [("North Korea", "state"), ("Russia", "state")]),
        ("They feared the West.", [("the West", "bloc")]),
        ("They saw the West Coast.", []),
        ("It lies in Western Europe, in Asia.", []),
        ("He joined the European Union.", [("European Union", "organisation")]),
        ("Japan’s foreign ministry said so.", [("Japan’s foreign ministry", "organisation")]),
        ("Japan’s Army said so.", [("Japan’s Army", "organisation")]),
        ("Japan’s very old and small army fled.", [("Japan", "state")]),
        ("It was signed by the Bank of England.", [("Bank of England", "organisation")]),
        (
            "The Ministry of Trade and Industry paid.",
            [("Ministry of Trade and Industry", "organisation")],
        ),
        (
            "The University of Oxford and Ada Lovelace met.",
            [("University of Oxford", "organisation"), ("Ada Lovelace", "person")],
        ),
        ("The Treaty of Versailles was signed.", [("Treaty of Versailles", "treaty")]),
        ("She lay in St Mary’s Hospital.", [("St Mary’s Hospital", "organisation")]),
        ("The Parliament met, and the Union did not.", [("Parliament", "organisation")]),
        ("Then Chancellor Angela Merkel spoke.", [("Angela Merkel", "person")]),
        ("The Russian President Vladimir Putin spoke.", [("Vladimir Putin", "person")]),
        ("A novelist named it; novelist Zadkine Oru wrote.", [("Zadkine Oru", "person")]),
        ("Then Zadkine Oru, a painter, came.", [("Zadkine Oru", "person")]),
        ("Then Zadkine Oru said no.", [("Zadkine Oru", "person")]),
        ("It was Zadkine Oru’s mother.", [("Zadkine Oru", "person")]),
        ("Then Zadkine Oru stood there.", []),
        ("Then J. R. R. Tolkien wrote of it.", [("J. R. R. Tolkien", "person")]),
        ("There was Ludwig van Beethoven.", [("Ludwig van Beethoven", "person")]),
        ("Professor J. R. R. Tolkien wrote.", [("J. R. R. Tolkien", "person")]),
        ("Old Sinéad O’Connor sang.", []),
        ("The shop Marks & Spencer sold.", [("Marks & Spencer", "organisation")]),
        ("They crossed the Suez Canal after the Korean War.", []),
        ("Mount Fuji is high.", []),
        ("They asked the FBI and an XYZ.", [("FBI", "organisation")]),
        ("In AD 70 it was OK.", []),
        ("WAR ENDS IN FRANCE TODAY NOW.", []),
        ("Meet The People Of France Today Again.", [("France", "state")]),
        ("President Kennedy spoke. John Kennedy listened.", [("Kennedy", "person"), ("John Kennedy", "person")]),
        ("The President of the Senate House Bank spoke.", [("Senate House Bank", "organisation")]),
        ("The Congress of May met.", [("Congress", "organisation")]),
        (
            "The Bank of England and Ada Lovelace met.",
            [("Bank of England", "organisation"), ("Ada Lovelace", "person")],
        ),
        ("The Bank and Ada Lovelace met.", [("Ada Lovelace", "person")]),
        ("Secretary General Council members met.", []),
        ("Then the New St Mary’s Hospital closed.", [("St Mary’s Hospital", "organisation")]),
        ("The Dr. Ada Lovelace came.", [("Ada Lovelace", "person")]),
        ("Ships Ada Lovelace built were good ships.", [("Ada Lovelace", "person")]),
        ("Soon Central African Republic soldiers came.", [("Central African Republic", "state")]),
        ("In January The West met.", [("The West", "bloc")]),
        ("Dirk Coster and Niels Bohr helped.", [("Dirk Coster", "person"), ("Niels Bohr", "person")]),
        ("The ship Ever Given sank.", []),
        ("It was led by Gaius Cassius.", [("Gaius Cassius", "person")]),
        ("Its president, Yukito Higaki, was there.", [("Yukito Higaki", "person")]),
        ("Then Osama Rabie, prime minister of it, was there.", [("Osama Rabie", "person")]),
        ("They met Constantine the Great and Pius IX.", [("Constantine the Great", "person"), ("Pius IX", "person")]),
        ("Under Lucie Castets it went on.", []),
        ("They chose Lucie Castets.", [("Lucie Castets", "person")]),
        ("Then Mwai Kibaki was born.", [("Mwai Kibaki", "person")]),
        ("Then Mwai Kibaki had flown.", [("Mwai Kibaki", "person")]),
        ("Then Mwai Kibaki’s house fell.", [("Mwai Kibaki", "person")]),
        ("She was born in Vienna and flew to London.", []),
        ("The talks with London failed.", [("London", "seat")]),
        ("She left Tokyo Tsushin Kogyo.", []),
        (
            "The Austrian army and the Soviet secret police came.",
            [("Austrian army", "organisation"), ("Soviet secret police", "organisation")],
        ),
        ("It was a French garden.", []),
        (
            "The French Republic and the Kingdom of Great Naples met.",
            [("French Republic", "state"), ("Kingdom of Great Naples", "state")],
        ),
        (
            "The salvage company Boskalis came. We saw Boskalis.",
            [("Boskalis", "organisation"), ("Boskalis", "organisation")],
        ),
        ("It is a subsidiary of Boskalis.", [("Boskalis", "organisation")]),
        ("Then Merck, a German chemical company, left.", [("Merck", "organisation")]),
        ("Then Merck, a town of and for people, left.", []),
        ("Then Merck, a very old and odd dear place, left.", []),
        ("Then Kisen, which owns it, left.", [("Kisen", "organisation")]),
        ("Insurers at Lloyd’s of London paid.", [("Lloyd’s of London", "organisation")]),
        ("Then BenQ came; the PlayStation came.", [("BenQ", "organisation")]),
        ("CAIRO – Ships of NASA and CMA CGM left.", [("NASA", "organisation"), ("CMA CGM", "organisation")]),
        ("The Treaty of Brest-Litovsk held.", [("Treaty of Brest-Litovsk", "treaty")]),
        ("The Hudson’s Bay Company came.", [("Hudson’s Bay Company", "organisation")]),
        ("Each Contracting Party agreed.", []),
        (
            "The National Assembly and General Motors met.",
            [("National Assembly", "organisation"), ("General Motors", "organisation")],
        ),
        ("He left when Pfizer refused it. Pfizer won.", [("Pfizer", "agent"), ("Pfizer", "agent")]),
        ("Zebulon praised it. Police praised it. Historians praised it.", [("Zebulon", "agent")]),
        ("It was praised by Zebulon; in Ilium it was, and Ilium praised it.", [("Zebulon", "agent")]),
        ("In 2001 Le Monde wrote it.", [("Le Monde", "agent")]),
        ("The Franco-Prussian War and the Prussians came.", []),
        ("", []),
    ],
)
def test_names_are_found_and_other_capitals_are_not(text: str, names: list[tuple[str, str]]) -> None:
    assert _find(text) == names


def test_a_surname_alone_is_the_person_named_in_full_before_or_after() -> None:
    assert _things("Fleming waited. Alexander Fleming came. Then Dr Fleming left.") == ["alexander fleming"] * 3


def test_a_surname_of_two_people_is_nobody() -> None:
    assert _things("Marie Curie and Pierre Curie met. Then Curie left.") == ["marie curie", "pierre curie"]


def test_a_surname_within_a_longer_name_is_left_to_it() -> None:
    assert _find("John Adams wrote. The Adams Family watched.") == [("John Adams", "person")]


def test_letters_stand_for_the_name_that_the_text_gives_them() -> None:
    found = _things("AB helped. The Arctic Bank (AB) paid, and AB smiled. The Arctic Bank (XB) too.")
    assert found == ["arctic bank"] * 5


def test_capital_and_state_are_one_thing_and_hyphens_make_no_difference() -> None:
    assert _things("Moscow waited. Russia came.") == ["ru", "ru"]
    assert len(set(_things("Kim Jong-un spoke. Then Kim Jong Un left."))) == 1


def test_other_languages_have_their_states_and_letters() -> None:
    assert _find("Die Mauer in Deutschland fiel.", "de") == [("Deutschland", "state")]
    assert _find("Das war in Frankreich.", "xx-nonsense") == []
    assert _find("") == []


def test_a_firm_is_not_its_founder() -> None:
    assert _things("Werner Siemens founded Siemens AG. Siemens grew.") == ["werner siemens", "siemens ag"]
