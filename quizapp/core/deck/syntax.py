"""The errors of the YAML parser, in a teacher's words."""

from yaml import YAMLError
from yaml.error import MarkedYAMLError

from quizapp.core.deck.layout import advise, look_around
from quizapp.core.messages import say
from quizapp.core.problem import Problem

_QUOTE_IT = say("Put the whole text in quotation marks.")
_LINE_UP = say(
    "Check that this line begins in the same column as its neighbours, "
    "and that a text with quotation marks, brackets or colons in it stands in quotation marks as a whole."
)

# What the parser says (a part of it) -> what is meant, what to do, and whether the place to look is where the
# construct began rather than where the parser gave up. The first that fits is taken.
_WORDS: tuple[tuple[str, str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        say("A colon with a space after it stands within a text, so it reads as a key with a value."),
        _QUOTE_IT,
        False,
    ),
    (
        "block sequence entries are not allowed",
        say("A list cannot begin here."),
        say("Begin it on a line of its own."),
        False,
    ),
    (
        "while scanning an alias",
        say("A text that begins with * must stand in quotation marks."),
        _QUOTE_IT,
        True,
    ),
    ("while scanning an anchor", say("A text that begins with & must stand in quotation marks."), _QUOTE_IT, True),
    ("while scanning a tag", say("A text that begins with ! must stand in quotation marks."), _QUOTE_IT, True),
    ("found undefined tag handle", say("A text that begins with ! must stand in quotation marks."), _QUOTE_IT, False),
    (
        "found unexpected end of stream",
        say("The quotation mark that opens here is never closed."),
        say('Close it; within double quotation marks, write \\" for one of your own.'),
        True,
    ),
    (
        "found unexpected document indicator",
        say("The quotation mark that opens here is not closed before the line of dashes or dots."),
        say('Close it; within double quotation marks, write \\" for one of your own.'),
        True,
    ),
    (
        "unknown escape character",
        say("After \\ in double quotation marks only certain letters may follow."),
        say("Write \\\\ for a backslash, or use single quotation marks."),
        False,
    ),
    (
        "invalid Unicode character escape code",
        say("This \\u escape names no character."),
        say("Write the character itself."),
        False,
    ),
    (
        "did not find expected hexdecimal number",
        say("A \\x, \\u or \\U must be followed by 2, 4 or 8 hexadecimal digits."),
        say("Write the character itself, or \\\\ for a backslash."),
        False,
    ),
    ("found a tab character", say("A tab stands where spaces are expected."), say("Indent with spaces."), False),
    (
        "could not find expected ':'",
        say("This line is neither `key: value` nor a list entry `- …`."),
        say("If it goes on with the text above, indent it more than that text's key; else add the key."),
        True,
    ),
    (
        "did not find expected ',' or ']'",
        say("A list in square brackets is not closed."),
        say("Close it with ]."),
        True,
    ),
    (
        "did not find expected ',' or '}'",
        say("A mapping in braces is not closed."),
        say("Close it with }, or quote it."),
        True,
    ),
    ("did not find expected '-' indicator", say("An entry of the list above lacks its dash."), _LINE_UP, False),
    ("did not find expected key", say("This cannot stand here."), _LINE_UP, False),
    ("did not find expected node content", say("A bracket or comma stands here without a value."), _QUOTE_IT, False),
    (
        "while scanning a block scalar",
        say("After | or > the text begins on the next line."),
        say("Move the rest of this line to the next one, indented."),
        False,
    ),
    (
        "directive",
        say("A line at the start begins with %."),
        say("Delete that line: a deck needs no directives."),
        False,
    ),
    ("incompatible YAML document", say("This asks for another version of YAML."), say("Delete this line."), False),
)
_STARTERS = {
    "\t": (say("A tab stands where spaces are expected."), say("Indent with spaces.")),
    "@": (say("A text that begins with @ must stand in quotation marks."), _QUOTE_IT),
    "`": (say("A text that begins with ` must stand in quotation marks."), _QUOTE_IT),
    "%": (say("A text that begins with % must stand in quotation marks."), _QUOTE_IT),
}


def _put_in_words(error: MarkedYAMLError, said: str, character: str) -> tuple[str, str, bool]:
    if "cannot start any token" in said and character in _STARTERS:
        return (*_STARTERS[character], False)
    for part, meaning, fix, at_beginning in _WORDS:
        if part in said:
            return meaning, fix, at_beginning
    return say("This is not YAML (%(problem)s).", problem=str(error.problem)), _LINE_UP, False


def _line_at(text: str, index: int) -> str:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    return text[start : end if end >= 0 else len(text)]


def explain_syntax_error(error: YAMLError, text: str, file: str) -> Problem:
    """The problem that stopped the parser in ``text``, with its place and what to do."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, 1, 1, "yaml-syntax", say("This is not YAML (%(error)s).", error=str(error)), _LINE_UP)
    mark = error.problem_mark
    said = f"{error.context or ''}: {error.problem or ''}"
    if advice := advise(said, look_around(text, mark.index, mark.line, mark.column)):
        return Problem(file, advice.line, advice.column, "yaml-syntax", advice.message, advice.fix)
    meaning, fix, at_beginning = _put_in_words(error, said, text[mark.index : mark.index + 1])
    if at_beginning and error.context_mark is not None:
        mark = error.context_mark
    if "{{" in _line_at(text, mark.index):
        fix = say("Put the whole text in quotation marks: without them, {{ means something else in YAML.")
    return Problem(file, mark.line + 1, mark.column + 1, "yaml-syntax", meaning, fix)
