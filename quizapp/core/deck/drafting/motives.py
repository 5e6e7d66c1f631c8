"""Motives in an English sentence: for what end, from what cause, wish or fear somebody does something.

A motive goes from its cue (“in order to”, “fears that”) to the end of its clause. The patterns begin with fixed words
and repeat only within bounds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.model import Finding, Sentence


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that tell a motive; ``triggers`` are words of which one must be there for the pattern to match at all."""

    sort: str
    pattern: re.Pattern[str]
    triggers: frozenset[str]


def _cue(sort: str, triggers: str, source: str) -> _Cue:
    return _Cue(sort, re.compile(source), frozenset(triggers.split()))


_VERB = r"(?=[a-z]{2,20}\b)"
_MOVES = (
    "asked built called came created established fled flew formed founded gathered hired introduced invaded "
    "invited joined launched left met moved opened passed returned sailed sent set signed took travelled traveled "
    "turned used visited went worked"
)
_ENDS = (
    "arrange ask avoid break bring build buy calm catch celebrate collect combat compete control convince counter "
    "counterbalance create cut defeat defend demand deter discuss draw earn encourage end ensure escape expand "
    "explore fight find force found free gain get guard help hide improve increase join keep learn limit maintain "
    "make measure negotiate obtain persuade plead preserve press prevent promote protect prove punish raise reach "
    "rebuild recover reduce relieve remove replace rescue restore save search secure seek sell settle show slow "
    "stabilise stop strengthen study support teach train treat warn weaken win"
)
# “A plan to buy” tells what is planned, and not why.
_NO_PLAN = r"(?<!plan)(?<!plans)(?<!offer)(?<!promise)(?<!decision)(?<!right)(?<!order)(?<!able)(?<!had)"
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
    "Afraid Alarmed Angry Anxious Believing Convinced Desperate Determined Eager Fearing Frightened Hoping Intent "
    "Keen Needing Seeking Tired Unable Unwilling Wanting Wishing Worried"
)
_FINITE = (
    r"(?:is|are|was|were|has|have|had|can|could|may|might|will|would|do|does|did|[a-z]{3,14}ed|became|began|brought|came|"
    r"continues?|fears?|feels?|felt|found|gave|gives?|grew|grows?|held|kept|knew|led|left|lost|makes?|made|needs?|"
    r"offers?|provides?|remains?|rose|saw|seeks?|sees?|sought|thought|took|wants?|went)"
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
    _cue("purpose", _MOVES, rf"\b{_any(_MOVES)}\b[^,.;:()]{{0,60}}?{_NO_PLAN}(?P<from> to (?={_any(_ENDS)}\b))"),
    _cue("cause", "because", r"\b[Bb]ecause(?: of)?\b"),
    _cue(
        "cause",
        "account due grounds light owing response result retaliation return revenge thanks view",
        r"\b(?:[Dd]ue to|[Oo]wing to|[Tt]hanks to|[Oo]n account of|[Ii]n (?:the )?light of|[Ii]n view of|"
        r"[Aa]s a result of|[Ii]n response to|[Oo]n the grounds that|[Ii]n (?:retaliation|revenge|return) for)\b",
    ),
    _cue("fear", "fear", r"\b(?:[Ff]or|[Oo]ut of) fear (?:of|that)\b"),
    _cue("cause", "out", r"\b[Oo]ut of (?:concern|greed|hatred|jealousy|love|loyalty|necessity|pity|respect|spite)\b"),
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
        rf"(?<=, )(?:(?:especially|particularly|mainly|partly|largely) )?as (?=(?:(?:it|they|he|she|this|these|the|its|"
        rf"their|[A-Z][\w’-]{{1,20}})(?: [\w’-]{{1,20}}){{0,8}}? ){_FINITE}\b)",
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
    _cue("cause", _BEGINNINGS.lower(), rf"^{_any(_BEGINNINGS)} (?:about|at|by|for|of|on|that|the|to|[a-z]+ing)\b"),
    _cue("interest", "interest interested interests", r"\b(?:interests?|(?:not )?interested) in\b"),
    _cue("fear", "concerned", r"\bnot concerned (?:about|with)\b"),
)
_WORD = re.compile(r"[a-z]+")
_CLAUSE_END = re.compile(
    r"[;:!?()—]|\.$|\.[”\"]|,? [–-] |, (?:but|while|whereas|although|though|which|who|whose|where|so|yet|after|when|"
    r"even|then|making|leading|causing|prompting|providing|instead|rather|despite|has|have|had|is|are|was|were|will|would|can|"
    r"could|may|might|must)\b"
)
_COMMA = re.compile(r",")
_AND = re.compile(r", (?:and|or) ")
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


def _find_end(text: str, match: _Match, limit: int) -> int:
    """The end of the clause that tells the reason."""
    behind = match.behind
    end = min(limit, len(text), behind + _LONGEST_REASON)
    if (found := _CLAUSE_END.search(text, behind)) and found.start() < end:
        end = found.start()
    is_first = len(text[: match.start].split()) <= _FEW_BEFORE
    if is_first and not match.whole and (found := _COMMA.search(text, behind)):
        end = min(end, found.start())
    found = _AND.search(text, behind, end)
    if found and "," not in text[behind : found.start()]:
        end = found.start()
    return behind + len(text[behind:end].rstrip(" .,;:”\"’'"))


def _drop_inner(matches: list[_Match], text: str) -> list[_Match]:
    """One match where two begin in the same words: “because it fears that” is one motive."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda one: (one.start, -one.behind)):
        between = text[kept[-1].behind : match.start] if kept else ""
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
