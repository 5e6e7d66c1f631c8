"""A plain text as a source to draft from, before it is a source file."""

from quizapp.core.deck.drafting.wordings import escape
from quizapp.core.source.document import Block, Source
from quizapp.core.source.original import OriginalText


def make_plain_source(original: OriginalText, source_id: str, language: str) -> Source:
    """The paragraphs of a plain text, numbered as ``read_original`` numbers them, as a source of that id."""
    blocks = tuple(Block("paragraph", 0, number, escape(text), 1) for number, text in enumerate(original.paragraphs, 1))
    return Source(source_id, original.file, language, "article", None, None, None, None, None, blocks, original.file)
