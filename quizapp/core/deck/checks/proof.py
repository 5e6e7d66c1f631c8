"""Whether each card is proved by the passages it cites."""

from collections.abc import Iterator, Mapping, Sequence

from quizapp.core.deck.checks.desk import CardView, Finding, Library, can_split
from quizapp.core.deck.checks.words import cut_ending, fold_case, list_words, pick_telling
from quizapp.core.deck.schema import Card, Citation, Deck
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say
from quizapp.core.source.document import Source
from quizapp.core.source.quotes import find_quote, relocate


def _suggest_place(paragraphs: Sequence[str], citation: Citation) -> str:
    found = relocate(paragraphs, citation.quote, citation.paragraph)
    if found is None:
        return say("Copy the words from the text, letter for letter.")
    if found.kind == "moved":
        return say("It stands in paragraph %(paragraph)s.", paragraph=found.paragraph)
    likely = paragraphs[found.paragraph - 1][found.span.start : found.span.end]
    return say(
        "Did you mean “%(likely)s” in paragraph %(paragraph)s?", likely=shorten(likely, 100), paragraph=found.paragraph
    )


def _check_quote(citation: Citation, paragraphs: Sequence[str]) -> tuple[str, str, str] | None:
    """Code, message and fix, where the quote does not stand once in its paragraph of the source."""
    where = say("paragraph %(paragraph)s of `%(source)s`", paragraph=citation.paragraph, source=citation.source)
    if citation.paragraph > len(paragraphs):
        message = say("There is no %(where)s.", where=where)
        return (
            "missing-paragraph",
            message,
            say("It has %(count)s paragraphs, headings not counted.", count=len(paragraphs)),
        )
    places = len(find_quote(paragraphs[citation.paragraph - 1], citation.quote))
    if places == 0:
        message = say("The quote “%(quote)s” is not in %(where)s.", quote=shorten(citation.quote, 100), where=where)
        return "quote-not-found", message, _suggest_place(paragraphs, citation)
    if places > 1:
        message = say(
            "The quote “%(quote)s” stands %(places)s times in %(where)s.",
            quote=shorten(citation.quote, 100),
            places=places,
            where=where,
        )
        return "quote-not-unique", message, say("Quote a few words more, so that the place is clear.")
    return None


def _check_original(citation: Citation, library: Library) -> tuple[str, str, str] | None:
    original = library.originals.get(citation.source)
    problem = _check_quote(citation, original.paragraphs) if original else None
    if original is None or problem is None:
        return None
    _, message, fix = problem
    return (
        "original-lacks-quote",
        say("In the original %(file)s: %(message)s", file=original.file, message=message),
        fix,
    )


def _check_citation(citation: Citation, library: Library, deck: Deck) -> Iterator[tuple[str, str, str, str]]:
    """Code, message and fix, and the key at fault."""
    if citation.source not in library.sources:
        known = ", ".join(f"`{name}`" for name in list(library.sources)[:10])
        fix = say("Add its file to the folder sources.")
        if known:
            fix = say("Add its file, or cite one of %(known)s.", known=known)
        yield "missing-source", say("There is no source `%(source)s`.", source=citation.source), fix, "source"
        return
    if citation.source not in deck.sources:
        fix = say("Add `%(source)s` to `sources` at the head of the deck.", source=citation.source)
        yield (
            "unlisted-source",
            say("The deck does not list the source `%(source)s`.", source=citation.source),
            fix,
            "source",
        )
    if not library.sources[citation.source].is_read:
        return
    if problem := _check_quote(citation, library.editions[citation.source]):
        yield *problem, "paragraph" if problem[0] == "missing-paragraph" else "quote"
    elif problem := _check_original(citation, library):
        yield *problem, "quote"


def _is_supported(answers: Sequence[str], texts: Sequence[str], language: str) -> bool:
    """Whether a telling word of the answers, or for scripts without spaces a pair of letters, is in the texts."""
    folded = [fold_case(text) for text in texts]
    if can_split(answers):
        parts = [cut_ending(word) for answer in answers for word in pick_telling(list_words(answer), language)]
    else:
        parts = [answer[at : at + 2] for answer in answers for at in range(len(answer) - 1)]
    return not parts or any(part in text for part in parts for text in folded)


def cites_unread(card: Card, sources: Mapping[str, Source]) -> bool:
    """Whether a card cites a source whose file could not be read, so that its proof cannot be seen."""
    cited = [sources[citation.source] for citation in card.citations if citation.source in sources]
    return not all(source.is_read for source in cited)


def _check_support(view: CardView, library: Library) -> Iterator[Finding]:
    cited = [(library.editions.get(citation.source, ()), citation.paragraph) for citation in view.card.citations]
    texts = [paragraphs[number - 1] for paragraphs, number in cited if number <= len(paragraphs)]
    answers = view.answers
    if (
        answers
        and texts
        and not cites_unread(view.card, library.sources)
        and not _is_supported(answers, texts, view.language)
    ):
        message = say(
            "No telling word of the answer “%(answers)s” stands in a cited paragraph.", answers=shorten(answers[0])
        )
        fix = say(
            "Cite the paragraph that proves it; where it follows from one in other words, waive this rule and say how."
        )
        yield Finding("answer-not-in-passage", message, fix, view.number, ("citations",))


def _check_card(view: CardView, library: Library) -> Iterator[Finding]:
    card = view.card
    if not card.citations:
        advice = say("Add `citations`: the source, the paragraph, and at most 12 words of it.")
        yield Finding("no-citation", say("The card cites nothing."), advice, view.number)
        return
    for index, citation in enumerate(card.citations):
        if citation in card.citations[:index]:
            path = ("citations", index)
            yield Finding(
                "repeated-citation", say("This place is cited above already."), say("Delete it."), view.number, path
            )
        for code, message, fix, key in _check_citation(citation, library, view.file.deck):
            yield Finding(code, message, fix, view.number, ("citations", index, key))
    yield from _check_support(view, library)


def check_proof(deck: Deck, views: Sequence[CardView], library: Library) -> Iterator[Finding]:
    """The rules on sources, citations and answers, for one deck."""
    cited = {citation.source for card in deck.cards for citation in card.citations}
    for index, name in enumerate(deck.sources):
        if name not in library.sources:
            fix = say("Add its file to the folder sources, or take it off the list.")
            yield Finding(
                "missing-source", say("There is no source `%(name)s`.", name=name), fix, None, ("sources", index)
            )
        elif name not in cited:
            message = say("No card cites the source `%(name)s`.", name=name)
            yield Finding("unused-source", message, say("Cite it, or take it off the list."), None, ("sources", index))
    for view in views:
        yield from _check_card(view, library)
