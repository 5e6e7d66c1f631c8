"""Names of states and blocs, and the capitals and seats that stand for them: each leads to one thing.

States come from the Unicode CLDR as Babel has it, in the language of the text; the rest is common knowledge in English.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.wordlists import split_set

_ALIASES = {
    "us": "United States|United States of America|USA|US|U.S.|U.S.A.|America",
    "gb": "United Kingdom of Great Britain and Northern Ireland|United Kingdom|UK|U.K.|Great Britain|Britain",
    "england": "England",
    "scotland": "Scotland",
    "wales": "Wales",
    "su": "Soviet Union|Union of Soviet Socialist Republics|USSR|U.S.S.R.",
    "ru": "Russian Federation",
    "cn": "People’s Republic of China|PRC",
    "kp": "DPRK",
    "kr": "Republic of Korea",
    "ddr": "East Germany|German Democratic Republic|GDR",
    "brd": "West Germany|Federal Republic of Germany",
    "cz": "Czech Republic",
    "tr": "Turkey",
    "mm": "Burma|Myanmar",
    "ir": "Persia",
    "ps": "Palestine",
    "north-vietnam": "North Vietnam",
    "south-vietnam": "South Vietnam",
    "eu": "European Union|EU|E.U.",
    "un": "United Nations|UN|U.N.",
    "nato": "NATO|North Atlantic Treaty Organization|North Atlantic Treaty Organisation",
    "west": "the West",
    "allies": "the Allies|Allied Powers",
    "axis": "Axis Powers",
    "yugoslavia": "Yugoslavia",
    "czechoslovakia": "Czechoslovakia",
    "prussia": "Prussia",
    "ottoman": "Ottoman Empire",
    "austria-hungary": "Austria-Hungary",
    "roman": "Roman Empire",
    "byzantine": "Byzantine Empire",
    "british-empire": "British Empire",
    "hre": "Holy Roman Empire",
    "weimar": "Weimar Republic",
    "vichy": "Vichy France",
    "siam": "Siam",
    "zaire": "Zaire",
    "rhodesia": "Rhodesia",
    "korea": "Korea",
    "ceylon": "Ceylon",
    "abyssinia": "Abyssinia",
    "tanganyika": "Tanganyika",
    "biafra": "Biafra",
    "manchukuo": "Manchukuo",
    "transjordan": "Transjordan",
    "carthage": "Carthage",
    "sparta": "Sparta",
    "macedon": "Macedon",
    "assyria": "Assyria",
    "bavaria": "Bavaria",
    "saxony": "Saxony",
    "savoy": "Savoy",
    "piedmont": "Piedmont",
    "castile": "Castile",
    "aragon": "Aragon",
    "burgundy": "Burgundy",
    "papal": "Papal States",
    "harvard": "Harvard",
    "yale": "Yale",
    "stanford": "Stanford",
    "caltech": "Caltech",
    "sorbonne": "the Sorbonne",
    "nazis": "the Nazis",
    "bolsheviks": "the Bolsheviks",
    "mensheviks": "the Mensheviks",
    "jacobins": "the Jacobins",
    "tories": "the Tories|the Conservatives",
    "whigs": "the Whigs",
    "liberals": "the Liberals",
    "socialists": "the Socialists",
    "communists": "the Communists",
    "social-democrats": "the Social Democrats",
    "christian-democrats": "the Christian Democrats",
    "democrats": "Democrats|the Democrats",
    "republicans": "Republicans|the Republicans",
    "greens": "the Greens",
    "confederacy": "the Confederacy|Confederate States",
}
# Capitals, houses and courts that act in the name of a state.
_SEATS = {
    "us": "Washington|White House|Pentagon",
    "gb": "London|Downing Street|Whitehall",
    "ru": "Moscow|Kremlin",
    "cn": "Beijing|Peking",
    "kp": "Pyongyang",
    "kr": "Seoul",
    "ddr": "East Berlin",
    "brd": "Bonn",
    "de": "Berlin",
    "fr": "Paris",
    "jp": "Tokyo",
    "cz": "Prague",
    "tr": "Ankara",
    "ir": "Tehran|Teheran",
    "iq": "Baghdad",
    "sy": "Damascus",
    "il": "Jerusalem",
    "eg": "Cairo",
    "in": "New Delhi|Delhi",
    "pk": "Islamabad",
    "tw": "Taipei",
    "vn": "Hanoi",
    "ua": "Kyiv|Kiev",
    "pl": "Warsaw",
    "hu": "Budapest",
    "it": "Rome",
    "es": "Madrid",
    "pt": "Lisbon",
    "at": "Vienna",
    "gr": "Athens",
    "se": "Stockholm",
    "no": "Oslo",
    "dk": "Copenhagen",
    "fi": "Helsinki",
    "cu": "Havana",
    "va": "Vatican|Holy See",
    "eu": "Brussels",
}
_PARTIES = (
    "bolsheviks christian-democrats communists democrats greens jacobins liberals mensheviks nazis republicans "
    "social-democrats socialists tories whigs"
)
_ORGANISATIONS = frozenset(("eu", "un", "nato", "harvard", "yale", "stanford", "caltech", "sorbonne")) | split_set(
    _PARTIES
)
_BLOCS = frozenset(("west", "allies", "axis"))
# What CLDR lists beside states: parts of the earth, and places without a government of their own.
# Towns of which no state is the answer: the places after which time zones are named.
CITIES = frozenset(zone.rsplit("/", 1)[-1].replace("_", " ") for zone in get_global("zone_territories"))
_NO_STATES = split_set("EZ QO ZZ XA XB AC AQ BV CP DG EA HM IC TA TF UM IO GS SJ CX CC")
_TOO_COMMON = frozenset(("Jersey", "Niue", "Sark"))
_BRACKET = re.compile(r"\s*\(.*\)| SAR .*| - .*")
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A known name: its words, the thing it stands for, and what that is.

    ``sort`` is ``state``, ``seat`` (a capital or house in the state's stead), ``organisation``,
    ``bloc`` or ``region``.
    """

    words: tuple[str, ...]
    thing: str
    sort: str


def split_words(name: str) -> tuple[str, ...]:
    """A name as the words of which tokens are made."""
    return tuple(_WORD.findall(name.replace("'", "’")))


def _sort(thing: str) -> str:
    return "organisation" if thing in _ORGANISATIONS else "bloc" if thing in _BLOCS else "state"


def _list_territories(language: str) -> list[tuple[str, str, str]]:
    try:
        territories: Mapping[str, str] = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return []
    found = []
    for code, written in territories.items():
        name = _BRACKET.sub("", written).replace(" & ", " and ")
        if code in _NO_STATES or name in _TOO_COMMON:
            continue
        thing = code.lower()
        found.append(
            (name, f"region-{code}" if code.isdigit() else thing, "region" if code.isdigit() else _sort(thing))
        )
    return found


@lru_cache(maxsize=32)
def load_gazetteer(language: str) -> Mapping[str, Sequence[Known]]:
    """The known names of a language by their first word, longest first. An unknown language has none."""
    listed = _list_territories(language)
    if get_primary(language) == "en":
        for thing, names in _ALIASES.items():
            listed += [(name, thing, _sort(thing)) for name in names.split("|")]
        for thing, seats in _SEATS.items():
            listed += [(name, thing, "seat") for name in seats.split("|")]
    by_word: dict[str, list[Known]] = defaultdict(list)
    for known in (Known(split_words(name), thing, sort) for name, thing, sort in listed if _WORD.search(name)):
        by_word[known.words[0]].append(known)
    return {word: sorted(names, key=lambda name: -len(name.words)) for word, names in by_word.items()}
