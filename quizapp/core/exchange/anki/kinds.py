"""The note types that our cards become in Anki, one for each type of card: fields, templates, and how they look.

No template has a script. Ids, names of fields and names of templates stay as they are: by them Anki knows that a deck
that is imported again brings the same cards, and updates them instead of adding others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CARRY: Final = "Quizapp"
"""The field with the lines that ``quizapp.core.exchange.carry`` writes: all that a card of ours is."""
SHARED: Final = ("Explanation", "Citations", "Note", "Hint", CARRY)
TEMPLATE: Final = "Card 1"
CHANGED_AT: Final = 1_764_000_000
"""When these templates last changed, in seconds since 1970: Anki takes newer ones over older ones."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A note type of ours; ``prompt`` names the field that holds the card's prompt."""

    id: int
    name: str
    prompt: str
    own_fields: tuple[str, ...]
    front: str
    answer: str
    is_cloze: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in their order."""
        return (*self.own_fields, *SHARED)

    @property
    def question_template(self) -> str:
        """The front's template."""
        return self.front + _HINT

    @property
    def answer_template(self) -> str:
        """The back's template: the question without the hint, the answer, and why; a cloze is its own answer."""
        if self.is_cloze:
            return f"{self.front}{self.answer}{_WHY}"
        return f"{self.front.replace('{{type:Back}}', '')}\n<hr id=answer>\n{self.answer}{_WHY}"


_HINT = "\n{{#Hint}}<details><summary>Hint</summary>{{Hint}}</details>{{/Hint}}"
_WHY = """
{{#Explanation}}<div class="explanation">{{Explanation}}</div>{{/Explanation}}
{{#Citations}}<div class="citations">{{Citations}}</div>{{/Citations}}
{{#Note}}<div class="note">{{Note}}</div>{{/Note}}"""

CSS: Final = """.card { font-family: Georgia, serif; font-size: 20px; line-height: 1.5; text-align: left; }
.card { max-width: 36em; margin: 1em auto; padding: 0 1em; }
.explanation, .citations, .note, .feedback { margin-top: 1em; font-size: 0.9em; }
.citations blockquote { margin: 0.5em 0; padding-left: 1em; border-left: 4px solid #e0b000; }
.note { padding: 0.5em 1em; border: 1px dashed currentColor; }
.task { font-size: 0.85em; opacity: 0.8; }
.cloze { font-weight: bold; }
li { margin: 0.25em 0; }
td { padding: 0.1em 1em 0.1em 0; vertical-align: top; }
img { max-width: 100%; }
"""


def _ask(task: str, *fields: str) -> str:
    """A front: the question, what to do, and what there is to choose from."""
    lists = "\n".join(f"{{{{{name}}}}}" for name in fields)
    return f'{{{{Question}}}}\n<div class="task">{task}</div>\n{lists}'.rstrip()


_FEEDBACK = '{{Answer}}\n{{#Feedback}}<div class="feedback">{{Feedback}}</div>{{/Feedback}}'
_ALSO = '\n{{#Also right}}<div class="feedback">Also right: {{Also right}}</div>{{/Also right}}'
_CHOOSING = ("Question", "Options", "Answer", "Feedback")
_FIRST_ID = 1_764_000_000_100

KINDS: Final[Mapping[str, Kind]] = {
    "flashcard": Kind(_FIRST_ID, "Quizapp Basic", "Front", ("Front", "Back"), front="{{Front}}", answer="{{Back}}"),
    "choice": Kind(_FIRST_ID + 1, "Quizapp Choice", "Question", _CHOOSING, _ask("Choose one.", "Options"), _FEEDBACK),
    "multiple": Kind(
        _FIRST_ID + 2,
        "Quizapp Multiple",
        "Question",
        _CHOOSING,
        _ask("Choose all that are right.", "Options"),
        _FEEDBACK,
    ),
    "truefalse": Kind(
        _FIRST_ID + 3, "Quizapp True or false", "Question", ("Question", "Answer"), _ask("True or false?"), "{{Answer}}"
    ),
    "short": Kind(
        _FIRST_ID + 4,
        "Quizapp Type in",
        "Front",
        ("Front", "Back", "Also right"),
        "{{Front}}\n\n{{type:Back}}",
        "{{type:Back}}" + _ALSO,
    ),
    "cloze": Kind(
        _FIRST_ID + 5,
        "Quizapp Cloze",
        "Question",
        ("Text", "Question", "Also right"),
        "{{#Question}}<div>{{Question}}</div>{{/Question}}\n{{cloze:Text}}",
        _ALSO,
        is_cloze=True,
    ),
    "order": Kind(
        _FIRST_ID + 6,
        "Quizapp Order",
        "Question",
        ("Question", "Items", "Answer"),
        _ask("Put these in order.", "Items"),
        "{{Answer}}",
    ),
    "match": Kind(
        _FIRST_ID + 7,
        "Quizapp Match",
        "Question",
        ("Question", "Left", "Right", "Answer"),
        _ask("Find the pairs.", "Left", "Right"),
        "{{Answer}}",
    ),
}
