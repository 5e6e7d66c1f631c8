"""Motives in an English sentence: for what end, from what cause, wish or fear somebody does something.

A motive goes from its cue (“in order to”, “fears that”) to the end of its clause. The patterns begin with fixed words
and repeat only within bounds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.model import Finding, Sentence
from quizapp.core.deck.drafting.purposes import list_purposes
from quizapp.core.deck.drafting.verbs import find_base


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that tell a motive; ``triggers`` are words of which one must be there for the pattern to match at all."""

    sort: str
    pattern: re.Pattern[str]
    triggers: frozenset[str]


def _cue(sort: str, triggers: str, source: str) -> _Cue:
    return _Cue(sort, re.compile(source), frozenset(triggers.split()))


_VERB = r"(?=[a-z]{2,20}\b)"
_FEARFUL = (
    "afraid alarmed anxious apprehensive concerned fearful frightened nervous scared terrified uneasy wary worried"
)
_WISHES = (
    "aim aimed aiming aims aspire aspired aspires attempt attempted attempting attempts desire desired desires "
    "hope hoped hopes hoping intend intended intends longed longs seek seeking seeks sought strive strives strove "
    "struggled tried tries try trying want wanted wanting wants wish wished wishes wishing yearned"
)
_AIMS = (
    "aim aims ambition ambitions desire dream goal goals hope intention intentions motivation motive motives "
    "objective objectives priority purpose target wish"
)
_BY = "driven fuelled fueled inspired motivated prompted provoked shaped spurred triggered"
_BEGINNINGS = (
    "Afraid Alarmed Angered Angry Anxious Believing Conscious Convinced Desiring Desperate Determined Eager Fearful "
    "Fearing Frightened Hoping Intending Intent Keen Mindful Needing Recognising Recognizing Seeking Tired Unable "
    "Unwilling Wanting Wary Wishing Worried"
)
_FINITE = (
    r"(?:is|are|was|were|has|have|had|can|could|may|might|will|would|do|does|did|[a-z]{3,14}ed|became|began|brought|came|"
    r"continues?|fears?|feels?|felt|found|gave|gives?|grew|grows?|held|kept|knew|led|left|lost|makes?|made|needs?|"
    r"offers?|provides?|remains?|rose|saw|seeks?|sees?|sought|thought|took|wants?|went)"
)


_PARTICIPLES = (
    "afraid alarmed angered anxious believing conscious considering convinced desiring desirous desperate determined "
    "eager fearful fearing hoping intending intent mindful noting reaffirming recalling recognising recognizing "
    "resolved seeking wanting wary wishing worried"
)
_FEELINGS = (
    "anger|boredom|concern|conviction|curiosity|desperation|duty|envy|frustration|gratitude|greed|guilt|hatred|jealousy|"
    "love|loyalty|necessity|pity|pride|principle|respect|revenge|spite|sympathy"
)
# What is done to somebody for something.
_FOR = (
    "arrested attacked awarded blamed condemned convicted criticised criticized dismissed executed expelled fined "
    "hanged honoured honored imprisoned jailed praised punished sacked sentenced thanked tried"
)
_SUBJECT = r"(?:(?:it|they|he|she|this|these|the|its|his|her|their|[A-Z][\w’-]{1,20})(?: [\w’-]{1,20}){0,8}? )"
# What somebody has in mind: then “as” tells a reason, and no time.
_MINDED = (
    r"(?:believed|believes|could not|did not|does not|do not|disliked|distrusted|expected|expects|feared|fears|hated|"
    r"hoped|hopes|knew|knows|lacked|lacks|loved|needed|needs|no longer|preferred|refused|thought|trusted|wanted|wants|"
    r"was afraid|were afraid|wished|wishes|would not)"
)


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_CUES = (
    _cue("purpose", "order so", r"\b(?:[Ii]n order|[Ss]o as) (?:not )?to\b"),
    _cue("purpose", "so", r"(?<!if )\bso that\b"),
    _cue(
        "purpose",
        "aim attempt bid effort goal hope idea intention purpose sake view",
        r"\b(?:[Ii]n (?:an?|the) (?:effort|attempt|bid|hope) (?:to|of|that)|[Ww]ith the "
        r"(?:aim|goal|hope|idea|intention|purpose) of|[Ww]ith a view to|[Ff]or the (?:sake|purpose) of)\b",
    ),
    _cue(
        "purpose",
        "attempt attempts bid campaign drive effort efforts struggle",
        r"\b(?:attempts?|bid|campaign|drive|efforts?|struggle) (?:(?:was|were|is|are|has been|have been) "
        rf"(?:made|under way|undertaken) )?to {_VERB}",
    ),
    _cue("purpose", "order", r"\b[Ii]n order that\b"),
    _cue("fear", "lest case", r"\b(?:[Ll]est|(?<!which )[Ii]n case)\b(?! of\b)"),
    _cue(
        "purpose",
        "eye exchange honour honor memory preparation anticipation protest support pursuit search interest interests",
        r"\b(?:[Ww]ith an eye to|[Ii]n (?:exchange for|honou?r of|memory of|preparation for|anticipation of|support of|"
        r"protest (?:at|against|over)|pursuit of|search of|(?<!is in )(?<!was in )the interests? of))\b",
    ),
    _cue(
        "cause",
        "charge charges pretext suspicion want lack pressure virtue fear fears grounds strength advice orders",
        r"\b(?:[Oo]n (?:the )?(?:charges?|pretext|suspicion|strength|advice|orders) of|[Ff]or (?:want|lack) of|"
        r"[Oo]n (?:the )?fears? (?:of|that)|[Uu]nder pressure from|[Bb]y virtue of)\b",
    ),
    _cue(
        "cause",
        _FOR,
        rf"\b{_any(_FOR)}\b[^,.;:()]{{0,40}}?(?P<from> for (?=(?:his|her|its|their|the|[a-z]{{2,14}}ing)\b))",
    ),
    _cue("cause", "because", r"\b[Bb]ecause(?: of)?\b"),
    _cue("cause", "since", rf"(?<=, )since (?={_SUBJECT}{_FINITE}\b)"),
    _cue("cause", "since as", rf"^(?:Since|As) (?={_SUBJECT}{_MINDED}\b)"),
    _cue("cause", "as", rf"(?<=[a-z] )as (?=(?:he|she|they|it|[A-Z][\w’-]{{1,20}}|the [\w’-]{{1,20}}) {_MINDED}\b)"),
    _cue(
        "cause",
        "account due grounds light owing response result retaliation return revenge thanks view",
        r"\b(?:[Dd]ue to|[Oo]wing to|[Tt]hanks to|[Oo]n account of|[Ii]n (?:the )?light of|[Ii]n view of|"
        r"[Aa]s a result of|[Ii]n response to|[Oo]n the grounds that|[Ii]n (?:retaliation|revenge|return) for)\b",
    ),
    _cue("fear", "fear", r"\b(?:[Ff]or|[Oo]ut of) fear (?:of|that)\b"),
    _cue("cause", "out", rf"\b[Oo]ut of (?=(?:\w{{2,10}} )?(?:{_FEELINGS})\b)"),
    _cue(
        "purpose",
        "sign mark token gesture punishment reward reprisal retaliation compensation warning",
        r"\b[Aa]s (?:a |an )?(?:(?:gesture|mark|sign|token) of|"
        r"(?:compensation|punishment|reprisal|retaliation|reward) for|warning to)\b",
    ),
    _cue("cause", _BY, rf"\b{_any(_BY)} by\b"),
    _cue(
        "cause",
        "drive driving drives drove",
        r"(?:\b(?:[A-Za-z][a-z]{2,13} )?(?:ambitions?|concerns|fears?|greed|interests?|needs?) (?:is|are|was|were|"
        r"has|have)? ?(?:been )?(?:driving|drives?|drove|driven))\b",
    ),
    _cue("cause", "reason", r"\bthe (?:main |real |only |first )?reason\b(?= (?:why|that|for|in|behind|is|was)\b)"),
    _cue(
        "cause",
        "compelled compels drove forced forces led prompted prompts",
        rf"\b(?<!that )(?:compel|force|prompt)(?:s|led|d|ed)\b(?=(?: [\w’.-]{{1,20}}){{1,5}} to {_VERB})",
    ),
    _cue("cause", "result", r"^(?P<whole>As a (?:result|consequence)),"),
    _cue("cause", "consequently hence therefore", r"^(?P<whole>Therefore|Consequently|Hence),?(?= )"),
    _cue("cause", "why", r"^(?P<whole>(?:This|That) (?:is|was) why)\b"),
    _cue(
        "cause",
        "as",
        rf"(?<=, )(?:(?:especially|particularly|mainly|partly|largely) )?as (?={_SUBJECT}{_FINITE}\b)",
    ),
    _cue(
        "fear",
        "dread fear feared fearing fears",
        r"\b(?:dread|fear)(?:s|ed|ing)?\b (?=that\b|of\b|the\b|an?\b|[a-z]+ing\b)",
    ),
    _cue("fear", _FEARFUL, rf"\b{_any(_FEARFUL)} (?:of|about|by|over|that|at)\b"),
    _cue(
        "fear",
        "anxiety concern concerns worries worry fears",
        r"\b(?:(?:raised?|raises|raising|increased|growing|deep|rising) )?(?:anxiety|concerns?|worry|worries|fears) "
        r"(?:about|among|over|regarding|that)\b",
    ),
    _cue(
        "fear",
        "threat danger",
        r"\b(?:feels?|felt|sees?|saw|regards?|regarded|perceives?|perceived|believes?|believed) (?:[\w’]{1,20} ){1,10}?"
        r"(?:threat|danger) to\b",
    ),
    _cue("wish", _WISHES, rf"\b(?:(?:do|does|did) not )?{_any(_WISHES)} (?:not )?to {_VERB}"),
    _cue("wish", "like want wish", rf"\b(?:do|does|did)(?: not|n’t) (?:like|want|wish) to {_VERB}"),
    _cue("wish", "aim aimed aims hope hoped hopes hoping", r"\b(?:hop(?:e|es|ed|ing) (?:that|for)|aim(?:s|ed)? at)\b"),
    _cue("aim", "focus focused focuses focusing", r"\bfocus(?:ed|es|ing)? on (?=[a-z]{2,20}ing\b)"),
    _cue("aim", "emphasis", r"\bemphasis (?:[a-z]{2,12} ){0,4}on (?=[a-z]{2,20}ing\b)"),
    _cue(
        "aim",
        _AIMS,
        rf"\b(?:(?:main|chief|real|only|first|ultimate) )?{_any(_AIMS)} (?:[^,.;:()]{{1,60}}? )?"
        rf"(?:is|was|are|were) to {_VERB}",
    ),
    _cue(
        "wish",
        "ambition ambitions desire determination eagerness longing opposed opposition wish",
        r"\b(?:ambitions?|desire|determination|eagerness|longing|wish) (?:to|for)\b|\b(?:opposition|opposed) to\b",
    ),
    _cue("wish", "desperate determined eager keen", rf"\b(?:desperate|determined|eager|keen) to {_VERB}"),
    _cue(
        "cause",
        _PARTICIPLES,
        rf"(?:(?<=, )|(?<=, and )){_any(_PARTICIPLES)} "
        rf"(?:(?:not )?to {_VERB}|of\b|that\b|the\b|an?\b|for\b|about\b|by\b)",
    ),
    _cue(
        "cause",
        _BEGINNINGS.lower(),
        rf"^{_any(_BEGINNINGS)} (?:never |not )?(?:about|at|by|for|of|on|that|the|to|[a-z]+ing)\b",
    ),
    _cue("interest", "interest interested interests", r"\b(?:interests?|(?:not )?interested) in\b"),
    _cue("fear", "concerned", r"\bnot concerned (?:about|with)\b"),
)
_WORD = re.compile(r"[a-z]+")
_CLAUSE_END = re.compile(
    r"[;:!?()—]|, according to\b|"
    r"\.$|\.[”\"]|,? [–-] |, (?:but|while|whereas|although|though|which|who|whose|where|so|yet|after|"
    r"when|even|then|making|leading|causing|prompting|providing|instead|rather|despite|has|have|had|is|are|was|were|will|would|"
    r"can|could|may|might|must)\b"
)
_COMMA = re.compile(r",")
_AND = re.compile(r", (?:and|or) ")
_NEXT = re.compile(r" and ([a-z]{2,14})\b")
_PASSIVE = re.compile(r"\b(?:be|been|being) \w{2,20}(?:ed|en)$")
_LONGEST_REASON = 300
_CLOSE_WORDS = 1
_FEW_BEFORE = 1  # words before a cue that still opens the sentence: “However, as …”


@dataclass(frozen=True, slots=True)
class _Match:
    """A cue in a sentence: the motive begins at ``start``, its reason at ``behind``."""

    sort: str
    start: int
    behind: int
    whole: bool


def _list_matches(text: str) -> Iterator[_Match]:
    words = set(_WORD.findall(text.lower()))
    for cue in _CUES:
        if words.isdisjoint(cue.triggers):
            continue
        for match in cue.pattern.finditer(text):
            groups = cue.pattern.groupindex
            start = match.start("from") + 1 if "from" in groups else match.start()
            behind = match.end()
            if behind < len(text) and text[behind - 1] == " ":
                behind -= 1
            yield _Match(cue.sort, start, behind, "whole" in groups)
    for start, behind in list_purposes(text):
        yield _Match("purpose", start, behind, whole=False)


def _ends_parenthesis(text: str, match: _Match) -> bool:
    """Whether the motive stands between commas: “Ada, hoping to win, ran on”."""
    return (
        text[: match.start].endswith(", ") and text[match.start : match.behind].split(" ", 1)[0] in _PARTICIPLES.split()
    )


def _find_next_deed(text: str, match: _Match, end: int) -> int | None:
    """Where, behind “to do something”, the sentence goes on with what was done next: “and died there”."""
    if not text[match.start : match.behind].casefold().endswith("to"):
        return None
    for found in _NEXT.finditer(text, match.behind, end):
        if find_base(found[1]) is not None and not _PASSIVE.search(text[match.behind : found.start()]):
            return found.start()
    return None


def _find_end(text: str, match: _Match, limit: int) -> int:
    """The end of the clause that tells the reason."""
    behind = match.behind
    end = min(limit, len(text), behind + _LONGEST_REASON)
    if (found := _CLAUSE_END.search(text, behind)) and found.start() < end:
        end = found.start()
    is_first = len(text[: match.start].split()) <= _FEW_BEFORE
    if (is_first or _ends_parenthesis(text, match)) and not match.whole and (found := _COMMA.search(text, behind)):
        end = min(end, found.start())
    if (deed := _find_next_deed(text, match, end)) is not None:
        end = deed
    found = _AND.search(text, behind, end)
    if found and "," not in text[behind : found.start()]:
        end = found.start()
    return behind + len(text[behind:end].rstrip(" .,;:”\"’'"))


def _has_no_verb(between: str) -> bool:
    """Whether only a subject stands between two cues: “because its generals feared that …” is one motive."""
    words = between.split()
    is_plain = re.fullmatch(r" ?(?:[\w’-]+ ?){0,5}", between) is not None
    return is_plain and not {"and", "or"} & set(words) and all(find_base(word) is None for word in words)


def _drop_inner(matches: list[_Match], text: str) -> list[_Match]:
    """One match where two begin in the same words: “because it fears that” is one motive."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda one: (one.start, -one.behind)):
        between = text[kept[-1].behind : match.start] if kept else ""
        if kept and _has_no_verb(between) and kept[-1].sort == "cause":
            continue
        is_listed = between.endswith((" and ", " or ")) and kept[-1].sort == "cause" and match.sort == "fear"
        if not kept or (match.start >= kept[-1].behind and len(between.split()) > _CLOSE_WORDS and not is_listed):
            kept.append(match)
    return kept


def find_motives(sentence: Sentence, language: str) -> list[Finding]:
    """The motives of a sentence, in order; none in other languages than English."""
    if get_primary(language) != "en":
        return []
    text = sentence.text
    matches = _drop_inner(list(_list_matches(text)), text)
    found = []
    for number, match in enumerate(matches):
        limit = matches[number + 1].start if number + 1 < len(matches) else len(text)
        end = _find_end(text, match, limit)
        reason = text[match.behind : end].strip(" ,")
        if reason:
            cue = text[match.start : match.behind].strip()
            written = text[match.start : end]
            found.append(Finding("motive", match.sort, match.start, end, written, written.casefold(), cue, reason))
    return found
