"""Dates and periods in a sentence: of the calendar, by name, by an event, or counted from the day of writing.

Every pattern begins with a fixed word or a digit and repeats only within bounds, so that none is slow on any text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.model import Finding, Sentence

_Patterns = tuple[tuple[str, re.Pattern[str]], ...]

_YEAR = r"(?:1\d|20|21)\d{2}"
_DASH = r" ?[-–—] ?"
_ERA = r"(?: ?(?:BCE?|CE|AD|B\.C\.|A\.D\.))"
_PART = r"(?:early|mid|late|later|middle|end of the|start of the|beginning of the|turn of the)"
_COUNT = (
    r"(?:a few|several|many|some|a couple of|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:(?:one|two|three|four|five|six) )?hundred|"
    r"a hundred|a thousand|\d{1,4})"
)
_UNIT = r"(?:minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(?:y|ies)|generations?)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_DAYTIME = r"(?:morning|afternoon|evening|night)"
_UNIT_OF_NOW = r"(?:day|week|month|year|spring|summer|autumn|winter)"
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first)"
)
_NAMED_DAY = (
    r"Christmas(?: Eve| Day)?|Easter(?: Sunday| Monday)?|New Year’s (?:Eve|Day)|Good Friday|Thanksgiving|Ramadan|"
    r"Halloween|Passover|Pentecost|[Tt]he (?:Ides|Kalends|Nones) of [A-Z][a-z]{2,8}|(?:[A-Z][a-z]{2,14} ){1,2}Day"
)
_NAMED_PERIOD = (
    r"(?:(?:First|Second) World War|World War (?:II|I|One|Two)|Cold War|Middle Ages|Dark Ages|"
    r"(?:Old|Middle|Bronze|Iron|Stone|Ice|Gilded|Golden) Age|Industrial Revolution|Great Depression|Reformation|"
    r"Renaissance|Enlightenment|Weimar Republic|Third Reich|(?:[A-Z][a-z]{2,14} ){1,2}(?:Era|Dynasty|Period|Regency)|"
    r"(?:[A-Z][a-z]{2,14} ){1,2}Year|(?:Cambrian|Ordovician|Silurian|Devonian|Carboniferous|Permian|Triassic|Jurassic|"
    r"Cretaceous|Paleocene|Eocene|Oligocene|Miocene|Pliocene|Pleistocene|Holocene)|"
    r"[A-Z][a-z]{2,14}[ -](?:era|times|period))"
)
_HAPPENING = (
    r"(?:[A-Z][a-z]{2,14} ){1,3}(?:War|Wars|Revolution|Uprising|Rebellion|Crisis|Famine|Blockade|Crusades?|Olympics|"
    r"Games|Reign|Siege|Conference|Congress)"
)
_EVENT = (
    r"(?:abdication|annexation|armistice|arrest|assassination|attack|battle|birth|blockade|bombing|break-?up|"
    r"breakdown|ceasefire|collapse|conquest|coronation|coup|crash|creation|death|defeat|departure|discovery|"
    r"dissolution|disintegration|earthquake|election|end|expulsion|fall|fire|flood|formation|foundation|founding|"
    r"independence|introduction|invasion|invention|landing|liberation|merger|murder|occupation|opening|outbreak|"
    r"partition|publication|rebellion|resignation|return|reunification|revolution|rise|signing|start|surrender|"
    r"unification|uprising|victory|war|withdrawal)"
)
_OWNER = r"(?:the |its |his |her |their |an? |[A-Z][\w.-]{1,20}(?: [A-Z][\w.-]{1,20}){0,2}[’']s? )"
_OF = (
    r"(?: of (?:the|that|this) (?:day|week|month|year|decade|century|war)\b|"
    r" (?:of|in|on|by|from) (?:the |his |her |its |their )?[A-Z][\w.-]{0,24}(?: [A-Z][\w.-]{1,24}){0,3})"
)


def _compile(sort: str, *sources: str, ignore_case: bool = False) -> _Patterns:
    return tuple((sort, re.compile(source, re.IGNORECASE if ignore_case else 0)) for source in sources)


_RELATIVE = _compile(
    "relative",
    rf"\b(?:last|next|this past|the past|the last|the next|the following|the previous|the same|earlier this|later that|"
    rf"that same|the) (?<!the )(?:{_UNIT}|{_SEASON}|{_WEEKDAY})\b(?! of\b)",
    rf"\b(?:the following|the previous|the same|that same) (?:day|week|month|year|decade|century|{_SEASON})\b",
    rf"\bthe (?:next|following|previous) {_DAYTIME}\b",
    r"\bthe (?:day|week|month|year) (?:after|before|afterwards)\b(?! (?:the|his|her|its|their|an?|[A-Z])\b)",
    rf"\b(?:in |over |for |within |during )?(?:the )?(?:past|last|next|coming|following|previous) "
    rf"(?:{_COUNT} )?(?:days|weeks|months|years|decades|centuries)\b",
    r"\b(?:in |over |for |during )?recent (?:days|weeks|months|years|decades|centuries|times)\b",
    rf"\b(?:just |only |less than |more than |almost |nearly |about |some |over )?{_COUNT} {_UNIT} "
    r"(?:ago|later|earlier|before|after|afterwards|hence)\b",
    r"\b(?:for )?(?:days|weeks|months|years|decades|centuries|generations) (?:to come|ago|later|earlier|before)\b",
    rf"\b(?:after|within|before) (?:less than |more than |only |just |about )?{_COUNT} {_UNIT}\b(?! of\b)",
    r"\b(?:yesterday|tomorrow|the day before yesterday|the day after tomorrow)\b",
    rf"\b(?:that|the same|this) (?:very )?(?:{_DAYTIME}|{_UNIT_OF_NOW})\b(?! (?:of|that|when)\b)",
    rf"(?<=[a-z”] ){_WEEKDAY}(?: {_DAYTIME})?(?=[.,;])",
    rf"\bon (?:the )?(?:following |previous )?{_WEEKDAY}(?: {_DAYTIME})?\b(?! \d)",
    r"\bwithin (?:hours|days|weeks|months|years|decades)\b",
    ignore_case=True,
)
_DURATION = _compile(
    "duration",
    rf"\b(?:for|lasted|lasting|over|during) (?:the )?(?:about |almost |nearly |more than |over |less than |at least |"
    rf"up to |some |only )?{_COUNT} {_UNIT}\b(?! (?:old|of age|ago|later|earlier|before|after)\b)",
    r"\bfor (?:many |several |most of the |much of the )?(?:days|weeks|months|years|decades|centuries|generations)\b",
    rf"\bfor another (?:{_COUNT} )?{_UNIT}\b",
    ignore_case=True,
)
_AGE = _compile(
    "age",
    r"\b(?:at the age of|aged|at age) (?:\d{1,3}|[a-z]{3,9}(?:-[a-z]{3,5})?)\b",
    rf"\b{_COUNT}[ -]years?[ -]old\b",
)
_DECADE = _compile(
    "decade",
    rf"\b(?:the )?(?:{_PART}[ -])?(?:1\d|20)\d0[’']?s\b",
    rf"\b(?:the )?(?:{_PART}[ -])?"
    r"(?:[’']\d0s|(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))\b",
    ignore_case=True,
)
_CENTURY = _compile(
    "century",
    rf"\b(?:the )?(?:{_PART}[ -])?{_ORDINAL}(?:[ -](?:and|to|or)[ -]{_ORDINAL})?[ -](?:century|centuries|millennium)\b"
    rf"{_ERA}?",
    rf"\b(?:the )?(?:first|second) half of the {_ORDINAL} century\b",
    ignore_case=True,
)
_PERIOD = _compile(
    "period",
    rf"\b(?:[Tt]he )?(?:{_PART} )?{_NAMED_PERIOD}\b(?! (?:[A-Z]|style|music|art\b))",
    r"\b(?:during|before|after|since|until|throughout|amid|end of|outbreak of|start of|height of|in|[Dd]uring|"
    rf"[Bb]efore|[Aa]fter|[Ss]ince|[Uu]ntil|[Tt]hroughout) (?P<core>(?:the )?{_HAPPENING})\b(?!’)",
    r"\b(?P<core>[Tt]he (?:\w{3,12} ){0,1}(?:reign|rule|presidency) of [A-Z]\w{1,14}(?: [A-Z]\w{0,14}){0,2})",
)
_DAY = _compile("day", rf"\b(?:{_NAMED_DAY})\b(?:,? {_YEAR}\b)?(?!’s)")
_ANCHORED = _compile(
    "event",
    rf"\b(?:[Ss]ince|[Aa]fter|[Bb]efore|[Uu]ntil|[Ff]ollowing|[Pp]rior to|[Oo]n the eve of|[Aa]t the time of|"
    rf"[Dd]uring) {_OWNER}(?:[a-z-]{{3,14}} ){{0,2}}{_EVENT}\b{_OF}?",
)
_SEASONS = _compile(
    "month",
    rf"\b(?:the )?(?:{_PART} )?{_SEASON} (?:of )?{_YEAR}\b",
    rf"\b(?:early|late|mid-?|the end of|the beginning of|the start of|the middle of)[ -]?(?:in )?{_YEAR}\b",
    ignore_case=True,
)
_NUMBERS = (
    *_compile("range", rf"(?<![\w.,/-]){_YEAR}{_DASH}(?:{_YEAR}|\d{{2}})(?![\w/-]|[.,]\d)"),
    *_compile("day", r"(?<![\w.,/-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])"),
    *_compile("day", r"(?<![\w.,/-])\d{1,2}[./]\d{1,2}[./](?:1\d|20)\d{2}(?![\w/-])"),
    *_compile("year", rf"(?<![\w.,/$€£#-]){_YEAR}(?![\w%/-]|[.,:]\d)(?! ?(?:%|km|kg|m\b|°))", r"\b\d{4}年"),
)
_ENGLISH_NUMBERS = (
    *_compile(
        "range",
        rf"\b(?:[Ff]rom|[Bb]etween) {_YEAR} (?:to|and|until|till) {_YEAR}\b",
    ),
    *_compile("range", rf"\b\d{{1,4}}(?:{_DASH}| (?:to|and) )\d{{1,4}}{_ERA}(?!\w)"),
    *_compile("year", rf"\b\d{{1,4}}{_ERA}(?!\w)", r"\bA\.?D\.? ?\d{1,4}\b"),
    *_compile(
        "year",
        r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Aa]round|[Bb]y|[Ff]rom) (?P<core>[1-9]\d{2})"
        r"(?=[.,;:)]| (?:and|but|when|to|until)\b)(?![.,]\d)",
    ),
)
# A number of four digits before one of these counts things.
_COUNTED = re.compile(
    r" (?:people|soldiers|troops|men|women|children|workers|students|copies|dollars|euros|pounds|miles|metres|meters|"
    r"kilometres|kilometers|tons|tonnes|pages|words|ships|houses|books|species|years|days|square|million|or more)\b"
)


_LONGEST_SHORT_MONTH = 3  # letters of “Apr”
_ITS_YEAR = re.compile(rf"(?: at [A-Z]\w{{1,20}})?,? (?:in|on|of) (?:\w{{1,9}} ){{0,2}}(?:{_YEAR}|\d{{1,3}}{_ERA})")


def _list_months(language: str) -> list[str]:
    try:
        months = Locale.parse(language.replace("-", "_")).months["format"]
    except (UnknownLocaleError, ValueError):
        return []
    names = {name.rstrip(".") for width in ("wide", "abbreviated") for name in months[width].values()}
    return sorted((name for name in names if not name.isdigit() and len(name) > 2), key=len, reverse=True)


@lru_cache(maxsize=32)
def _calendar(language: str) -> _Patterns:
    """Days and months as the language writes them; none where CLDR does not know its months."""
    names = _list_months(language)
    if not names:
        return ()
    month = rf"(?:{'|'.join(map(re.escape, names))})\b\.?"
    day = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
    return (
        *_compile("range", rf"\b{day}{_DASH}{day} (?:de |of )?{month}(?:,? (?:de )?{_YEAR})?\b"),
        *_compile("day", rf"(?<!\d)\b{day} (?:of |de )?{month}(?:,? (?:de )?{_YEAR}\b)?"),
        *_compile("day", rf"\b{month} \d{{1,2}}(?:st|nd|rd|th)?\b(?!\d|:)(?:,? {_YEAR}\b)?"),
        *_compile("range", rf"\b(?:[Bb]etween|[Ff]rom) {month} (?:and|to|until) {month},? {_YEAR}\b"),
        *_compile("month", rf"\b(?:(?:early|late|mid)[ -])?{month},? (?:of |de )?{_YEAR}\b"),
    )


def _list_bare_months(language: str) -> _Patterns:
    """Months without a year: “in April”, “by mid-September”; a May or March without its preposition may be no month."""
    names = [name for name in _list_months(language) if len(name) > _LONGEST_SHORT_MONTH or name == "May"]
    month = rf"(?:{'|'.join(names)})\b"
    place = r"(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Oo]f|[Tt]hroughout|[Dd]uring|[Ll]ast|[Nn]ext|[Tt]hat)"
    return _compile("month", rf"\b(?:[Ee]arly|[Ll]ate|[Mm]id)[ -]{month}", rf"\b{place} (?P<core>{month})(?! [A-Z])")


@lru_cache(maxsize=32)
def _list_patterns(language: str) -> tuple[_Patterns, _Patterns]:
    """Patterns that need a digit, and those that do not."""
    digits = (*_calendar(language), *_NUMBERS)
    if get_primary(language) != "en":
        return digits, ()
    words = (
        *_list_bare_months(language),
        *_ANCHORED,
        *_PERIOD,
        *_DAY,
        *_SEASONS,
        *_CENTURY,
        *_DECADE,
        *_RELATIVE,
        *_AGE,
        *_DURATION,
    )
    return (*_ENGLISH_NUMBERS, *digits), words


_FIRST = frozenset(("day", "range", "month", "year"))


def _match(patterns: _Patterns, sentence: Sentence) -> Iterator[Finding]:
    for sort, pattern in patterns:
        for match in pattern.finditer(sentence.text):
            start, end = match.span("core") if "core" in pattern.groupindex else match.span()
            text = sentence.text[start:end] if sort == "year" else sentence.text[start:end].rstrip(".,")
            end = start + len(text)
            if sort == "year" and _COUNTED.match(sentence.text, end):
                continue
            yield Finding("date", sort, start, end, text, fold_date(text))


def fold_date(text: str) -> str:
    """The form in which two dates count as the same: without the small words before them."""
    words = text.casefold().replace("’", "'").replace("-", " ").split()
    while len(words) > 1 and words[0] in ("the", "in", "on", "for", "since", "during", "over", "just", "within"):
        del words[0]
    return " ".join(words)


def _rank(finding: Finding) -> tuple[bool, int, int]:
    """A date of the calendar comes before a time told by an event around it; then the longer before the shorter."""
    return finding.sort not in _FIRST or not any(map(str.isdigit, finding.text)), -len(finding.text), finding.start


def _names_year(sentence: Sentence, finding: Finding) -> bool:
    """Whether a time told by an event has its year right behind it: then the year says it."""
    return finding.sort == "event" and _ITS_YEAR.match(sentence.text, finding.end) is not None


def find_dates(sentence: Sentence, language: str) -> list[Finding]:
    """The dates and periods of a sentence, in order, none within another.

    In other languages than English: days, months and years of the calendar, with CLDR's names of the months.
    """
    digits, words = _list_patterns(language)
    has_digit = any(map(str.isdigit, sentence.text))
    found = list(_match((*digits, *words) if has_digit else words, sentence))
    kept: list[Finding] = []
    for finding in sorted(found, key=_rank):
        if not _names_year(sentence, finding) and not any(finding.overlaps(other) for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda finding: finding.start)
