"""From the text of a deck file to the text that says something else, with everything unchanged left as it was."""

from quizapp.core.deck.edit.content import Content
from quizapp.core.deck.write import write_content


def revise(text: str, before: Content, after: Content) -> str:
    """The text that says ``after``, made from one that says ``before``."""
    return text if before.says_the_same_as(after) else write_content(after.head, after.cards)
