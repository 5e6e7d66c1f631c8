"""What the checks look for: each rule's code, how serious it is, and an example of each kind.

The codes are stable: a deck's ``waive`` names them. docs/writing-decks.md lists them all, and a test compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from quizapp.core.messages import say
from quizapp.core.problem import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its severity, its meaning in a line, and an example that breaks it and one that keeps it.

    Only warnings can be waived.
    """

    code: str
    severity: Severity
    meaning: str
    bad: str
    good: str

    @property
    def can_be_waived(self) -> bool:
        """Errors must be mended; a warning may have its reason."""
        return self.severity is Severity.WARNING


def _error(code: str, meaning: str, bad: str, good: str) -> Rule:
    return Rule(code, Severity.ERROR, meaning, bad, good)


def _warning(code: str, meaning: str, bad: str, good: str) -> Rule:
    return Rule(code, Severity.WARNING, meaning, bad, good)


_PROOF = (
    _warning(
        "no-citation",
        say("Every card cites the place that proves its answer."),
        "a card without `citations`",
        "`citations: [{source: wall, paragraph: 4, quote: fell in 1989}]`",
    ),
    _error(
        "missing-source",
        say("A source that is listed or cited exists."),
        "`source: wal`, and there is no `sources/wal.md`",
        "`source: wall`",
    ),
    _error(
        "missing-paragraph",
        say("The cited paragraph exists."),
        "`paragraph: 12` of a text with 7 paragraphs",
        "`paragraph: 7`",
    ),
    _error(
        "quote-not-found",
        say("The quote stands in its paragraph, letter for letter."),
        "`quote: fell in 1990`, where the text has 1989",
        "`quote: fell in 1989`",
    ),
    _error(
        "quote-not-unique",
        say("The quote stands in its paragraph only once."),
        "`quote: the Wall`, which the paragraph has three times",
        "`quote: the Wall fell in 1989`",
    ),
    _error(
        "original-lacks-quote",
        say("The quote stands in the same paragraph of the original too, once."),
        "a quote of words that only the study edition has",
        "a quote of words that both have",
    ),
    _warning(
        "repeated-citation",
        say("A card cites a place once."),
        "the same source, paragraph and quote twice",
        "one of the two",
    ),
    _warning(
        "unlisted-source",
        say("The deck lists the sources that its cards cite."),
        "`sources: [wall]`, and a card cites `bridge`",
        "`sources: [wall, bridge]`",
    ),
    _warning(
        "unused-source",
        say("Cards cite each source that the deck lists."),
        "`sources: [wall, bridge]`, and no card cites `bridge`",
        "`sources: [wall]`",
    ),
    _warning(
        "answer-not-in-passage",
        say("A telling word of the answer stands in a cited paragraph."),
        "answer `Berlin`, citing a paragraph without Berlin",
        "the paragraph that names Berlin",
    ),
    _warning(
        "uncited-paragraph",
        say("Each paragraph of a text is cited by some card."),
        "no card on paragraph 5",
        "a card on paragraph 5",
    ),
)
_GIVING_AWAY = (
    _warning(
        "answer-in-stem",
        say("The question does not hold the answer."),
        "“Which wall was the Berlin Wall?”, answer “Berlin Wall”",
        "“Which wall fell in 1989?”",
    ),
    _warning(
        "answer-in-hint",
        say("The hint helps without telling."),
        "hint “It was in 1989.”, answer “1989”",
        "hint “The decade was almost over.”",
    ),
    _warning(
        "answer-in-other-stem",
        say("No other card's question tells the answer."),
        "“When did the Wall fall?” beside “Who spoke when the Wall fell in 1989?”",
        "“Who spoke on the night the Wall fell?”",
    ),
    _warning(
        "near-duplicate",
        say("Two cards do not ask the same."),
        "“When did the Wall fall?” and “In which year did the Wall fall?”",
        "one of the two",
    ),
)
_OPTIONS = (
    _warning(
        "alike-options",
        say("Options differ in more than case, articles and punctuation."),
        "`the Cold War` beside `Cold War.`",
        "`the Cold War` beside `the Thirty Years’ War`",
    ),
    _warning(
        "overlapping-options",
        say("No option holds another."),
        "`Berlin` beside `Berlin and Bonn`, `10-20` beside `15-30`",
        "`Berlin` beside `Bonn`, `10-19` beside `20-30`",
    ),
    _warning(
        "all-of-the-above",
        say("No option speaks of the other options: they are shuffled."),
        "`all of the above`, `none of these`",
        "a card of the type `multiple`",
    ),
    _warning(
        "unreadable-answer",
        say("An answer to be matched as a number or date is one."),
        "`answer: about ten` with `match: number`",
        "`answer: 10` with `match: number`, `tolerance: 1`",
    ),
    _warning(
        "longest-is-right",
        say("Over a deck, the right option is not the longest too often."),
        "the longest option right in 9 of 12 cards",
        "options of one length",
    ),
    _warning(
        "unbalanced-position",
        say("Over a deck, the right one among numbers is not always the middle, lowest or highest."),
        "the middle year right in 8 of 9 cards",
        "now the lowest, now the highest",
    ),
    _warning(
        "unbalanced-truth",
        say("Over a deck, about half the statements are true."),
        "9 of 10 statements true",
        "5 of 10",
    ),
)
_WORDING = (
    _warning(
        "unmarked-negation",
        say("A negation in a question or statement stands out."),
        "“Which city was not divided?”",
        "“Which city was **not** divided?”",
    ),
    _warning(
        "hard-to-read",
        say("Sentences and words are short enough (LIX up to 50, names and quotes aside)."),
        "one sentence of 45 words, most of them long",
        "two or three sentences in plain words",
    ),
    _warning(
        "short-explanation",
        say("The explanation is at least a sentence of five words."),
        "`explanation: See text.`",
        "`explanation: The text says “fell in 1989”, a year before unity.`",
    ),
    _warning("no-hint", say("There is a hint."), "a card without `hint`", "`hint: It was in autumn.`"),
    _warning(
        "no-difficulty", say("The card says how hard it is."), "a card without `difficulty`", "`difficulty: easy`"
    ),
    _warning(
        "comment-cuts-text",
        say("A # in a text stands in quotation marks: outside, it begins a comment."),
        "`prompt: Who is #1?`, read as “Who is”",
        '`prompt: "Who is #1?"`',
    ),
    _warning(
        "stray-quote",
        say("A quotation mark at the end of a text has one that opens it."),
        "`answer: World's Fair\"`",
        "`answer: World's Fair`",
    ),
    _warning(
        "quotes-around-all",
        say("No pair of curly quotation marks encloses a whole answer, option, item or side."),
        "`answer: “Berlin”`",
        "`answer: Berlin`",
    ),
)
_MEDIA = (
    _error(
        "missing-media",
        say("A picture or sound that a card names is there."),
        "`![a map](map.png)`, and there is no `media/DECK/map.png`",
        "the file, under that very name",
    ),
    _error(
        "no-alt",
        say("A picture or sound has words for those who cannot see or hear it."),
        "`![](map.png)`",
        "`![Berlin in four sectors](map.png)`",
    ),
    _warning(
        "strange-media",
        say("A picture or sound is named by its file name alone, of a kind that is taken."),
        "`![a map](https://example.org/map.svg)`",
        "`![a map](map.png)`",
    ),
    _warning(
        "unused-media",
        say("Cards show each file of the deck's folder of media."),
        "`media/DECK/old.png`, and no card shows it",
        "the file deleted",
    ),
    _warning(
        "unreadable-formula",
        say("A formula between dollars can be read."),
        "`$\\frac{1}$`",
        "`$\\frac{1}{2}$`; for a price `\\$5`",
    ),
)
_SOURCES = (
    _error(
        "original-differs",
        say("The original is the text that the study edition retells."),
        "a `sha256` that is not the file's",
        "what `sha256sum FILE` prints",
    ),
    _warning(
        "no-original",
        say("A study edition names its original."),
        "`kind: study-edition` without `original`",
        "`original: {file: wall.txt, sha256: …}`",
    ),
    _warning(
        "paragraphs-differ",
        say("A study edition has as many paragraphs as its original."),
        "6 paragraphs, where the original has 7",
        "7 paragraphs, in the same order",
    ),
    _warning(
        "lost-number",
        say("A study edition keeps the numbers and years of each paragraph."),
        "“long ago”, where the original has 1989",
        "“in 1989”",
    ),
    _warning(
        "lost-name",
        say("A study edition keeps the names of each paragraph."),
        "“a city”, where the original has Leipzig",
        "“Leipzig, a city”",
    ),
    _warning(
        "copied-run",
        say("At most 12 words in a row are the original's."),
        "a sentence taken over whole",
        "the sentence in your own words, a few in quotation marks",
    ),
)
_FILES = (
    _error("duplicate-deck-id", say("Deck ids are unique."), "`id: dates` in two files", "`id: dates`, `id: people`"),
    _error("duplicate-source-id", say("Source ids are unique."), "`id: wall` in two files", "`id: wall`, `id: bridge`"),
    _warning(
        "unknown-waiver",
        say("`waive` names rules that exist and that can be waived."),
        "`waive: {no-hnt: a guess is wanted}`",
        "`waive: {no-hint: a guess is wanted}`",
    ),
    _warning(
        "unused-waiver",
        say("`waive` names only what would be reported."),
        "`waive: {no-hint: …}` on a card with a hint",
        "the waiver deleted",
    ),
)

RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule for rule in (*_PROOF, *_GIVING_AWAY, *_OPTIONS, *_WORDING, *_MEDIA, *_SOURCES, *_FILES)
}

READING_CODES: Final[Mapping[str, str]] = {
    "not-utf-8": "The file is not saved as UTF-8.",
    "file-too-large": "The file is over 64 MiB (a source: 2 MiB).",
    "hidden-character": "A character that cannot be seen: a control character, a change of reading direction.",
    "empty-file": "The file holds nothing.",
    "yaml-syntax": "This is not YAML: mostly a text should be in quotation marks. All other cards are read.",
    "duplicate-key": "A key stands twice in one card or deck.",
    "complex-key": "A key is a list or mapping: a text that begins with a bracket or brace should be quoted.",
    "anchor": "`&name`, an anchor of YAML, which is not used here.",
    "alias": "`*name`, an alias of YAML, which is not used here.",
    "tag": "`!name`, a tag of YAML, which is not used here.",
    "several-documents": "A line `---` begins a second document.",
    "too-deep": "Lists and mappings are nested more than 20 deep.",
    "more-problems": "There are more than 1,000 problems.",
    "missing-key": "A key that is needed is missing, or has nothing behind it.",
    "unknown-key": "A key that does not exist here.",
    "unknown-type": "A card type that does not exist.",
    "wrong-value": "A value that is not allowed, such as a `difficulty` other than easy, medium and hard.",
    "wrong-shape": "A text where a list is needed, or the like.",
    "bad-id": "An id that is not small letters, digits and single hyphens.",
    "duplicate-card-id": "Two cards of the deck have the same id.",
    "empty-text": "A text of spaces only.",
    "several-lines": "Several lines where one is needed.",
    "too-long": "A text that is too long.",
    "too-few": "A list with too few entries.",
    "too-many": "A list with too many entries.",
    "quote-too-long": "A quote of more than 12 words.",
    "repeated-option": "An option, item or left side is listed twice.",
    "nothing-to-match": "All right sides of the pairs are the same.",
    "stray-tolerance": "A `tolerance` without `match: number`.",
    "bad-cloze": "A cloze text without a blank, or with one that is empty, not closed, or in a link's address.",
    "no-front-matter": "A source does not begin with `---`.",
    "open-front-matter": "A source's front matter has no second `---`.",
    "empty-source": "A source has no paragraph.",
}
