"""Any deck there can be, for laws that hold for all of them."""

from typing import Any

from hypothesis import strategies as st

from quizapp.core.deck.schema import Deck

AWKWARD = [
    *("no", "Yes", "true", "null", "~", "1:30", "010", "1e3", "2024-01-02", "0x1F", ".5", "-1", "y", "=", "<<", "NaN"),
    *("a: b", "a:", ": a", "a #b", "#a", "- a", "-", "? a", "* a", "*a*", "&a", "!a", "|", ">", "%a", "@a", "`a`"),
    *(
        "[a]",
        "{a}",
        "{{a}} b",
        "a, b",
        "'a'",
        '"a"',
        "it's",
        'say "a"',
        'it\'s "a"',
        "\\",
        "a\\n",
        "---",
        "...",
        "😀 ok",
    ),
    *(
        "a  b",
        "a\tb",
        "é\u00a0b",
        "👩\u200d🏫",
        "日本語",
        "a\u200bb",
        "“a”",
        "word " * 60 + "end",
        "x" * 300,
        "#" * 150,
    ),
]
HIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb\ufffe\uffff"
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=HIDDEN)
LINES = st.sampled_from(AWKWARD) | st.text(LETTERS, max_size=40).filter(str.strip)
PARAGRAPHS = st.lists(LINES | st.just("") | st.just("  "), min_size=1, max_size=4).map("\n".join).filter(str.strip)
TEXTS = LINES | PARAGRAPHS | st.sampled_from(["a\n\n  b\n c", "a\r\nb", "a\n\tb", "a\n#b\n- c\n---\nd"])
SLUGS = st.sampled_from(["a", "no", "010", "1-e3", "true", "long-" * 10 + "id"])


def unlike(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(LINES, min_size=count, max_size=5, unique_by=lambda text: " ".join(text.split()).casefold())


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def typed(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), "prompt": TEXTS, **fields})


def choose(options: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    wrong = st.tuples(
        *(st.just(text) | st.fixed_dictionaries({"text": st.just(text), "why": TEXTS}) for text in options[1:])
    )
    return typed("choice", answer=st.just(options[0]), wrong=wrong) | typed(
        "multiple", answers=st.just(options[:1]), wrong=wrong
    )


NUMBERS = st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=3) | st.sampled_from(
    ["1E+3", "0", "0.10"]
)
SHAPES = st.one_of(
    typed("flashcard", answer=TEXTS),
    unlike(2).flatmap(choose),
    typed("truefalse", answer=st.booleans()),
    typed("short", answer=LINES, accept=st.lists(LINES, max_size=3)),
    typed("short", answer=LINES, match=st.just("number"), tolerance=NUMBERS),
    typed(
        "cloze", text=st.sampled_from(["{{a}}", "It {{fell|ended: so}} in {{1989}}.", "a\n{{b}}", "x" * 99 + " {{b}}"])
    ),
    typed("order", items=unlike(2)),
    unlike(2)
    .map(lambda left: [[text, f"{number}"] for number, text in enumerate(left)])
    .flatmap(lambda pairs: typed("match", pairs=st.just(pairs))),
)
CITATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "source": SLUGS,
            "paragraph": st.integers(1, 99),
            "quote": LINES.filter(lambda text: len(text.split()) <= 12),
        }
    ),
    max_size=3,
)
EXTRAS = optional(
    explanation=TEXTS,
    note=TEXTS,
    hint=TEXTS,
    tags=st.lists(LINES, max_size=3),
    difficulty=st.sampled_from(["easy", "medium", "hard"]),
    citations=CITATIONS,
    waive=st.dictionaries(SLUGS, LINES, max_size=2),
)
FIELDS = st.tuples(SHAPES, EXTRAS).map(lambda parts: parts[0] | parts[1])
CARDS = st.lists(FIELDS, min_size=1, max_size=3)
HEADS = st.fixed_dictionaries(
    {"format": st.just(1), "id": SLUGS, "title": LINES, "language": st.just("no"), "theme": LINES},
    optional={
        "description": TEXTS,
        "sources": st.lists(SLUGS, max_size=3),
        "author": TEXTS,
        "license": TEXTS,
        "tags": st.lists(LINES, max_size=12),
        "waive": st.dictionaries(SLUGS, LINES, max_size=2),
    },
)


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    cards = [card | {"id": f"card-{number}"} for number, card in enumerate(draw(CARDS))]
    return Deck.model_validate(draw(HEADS) | {"cards": cards})
