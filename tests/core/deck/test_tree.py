"""YAML to plain values and their places."""

import json

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.tree import DEEPEST, MOST_PROBLEMS, Tree, read_tree


def codes(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in read_tree(text, "f").problems]


def test_mappings_lists_and_texts_are_read() -> None:
    assert read_tree("a: [b, {c: d}]\ne:\n- f\n- 'g h'\ni: |\n  j\n  k\n", "f").value == {
        "a": ["b", {"c": "d"}],
        "e": ["f", "g h"],
        "i": "j\nk\n",
    }
    assert read_tree("", "f").value is None
    assert read_tree("a", "f").value == "a"


def test_anchors_aliases_and_tags_are_problems_wherever_they_stand() -> None:
    assert codes("a: &x b\n&y c: *x\nd: !!str e\nf: &z [!t g]\n*x : h\ni: ! j\n") == [
        (1, 4, "anchor"),
        (2, 1, "anchor"),
        (2, 7, "alias"),
        (3, 4, "tag"),
        (4, 4, "anchor"),
        (4, 8, "tag"),
        (5, 1, "alias"),
        (6, 4, "tag"),
    ]


def test_objects_are_never_built() -> None:
    tree = read_tree("a: !!python/object/apply:os.system [x]", "f")
    assert [problem.code for problem in tree.problems] == ["tag"]
    assert tree.value == {"a": ["x"]}


def test_of_a_key_that_stands_twice_the_first_counts() -> None:
    tree = read_tree("a: 1\nb: 2\na: {c: [3], c: 4}\nd: 5\na: 6\n", "f")
    assert tree.value == {"a": "1", "b": "2", "d": "5"}
    assert [(p.line, p.column, p.code) for p in tree.problems] == [
        (3, 1, "duplicate-key"),
        (3, 13, "duplicate-key"),
        (5, 1, "duplicate-key"),
    ]
    assert tree.places.at("d") == (4, 4)


def test_keys_that_are_no_texts_are_dropped_with_their_values() -> None:
    tree = read_tree("? [a, {b: c}]\n: d\n? {e: f}\n: [g]\nh: i\n", "f")
    assert tree.value == {"h": "i"}
    assert [(p.line, p.code) for p in tree.problems] == [(1, "complex-key"), (3, "complex-key")]
    assert tree.places.at("h") == (5, 4)


def test_depth_has_a_limit() -> None:
    assert read_tree("[" * DEEPEST + "]" * DEEPEST, "f").problems == []
    for text in ("[" * (DEEPEST + 1), "[" * 100_000, "{a: " * 100_000, "- " * 100_000):
        tree = read_tree(text, "f")
        assert tree.value is None
        assert [problem.code for problem in tree.problems] == ["too-deep"]


def test_a_second_document_is_refused() -> None:
    assert codes("a: b\n---\nc: d\n") == [(2, 1, "several-documents")]
    assert codes("--- \na: b\n...\n") == []


def test_an_endless_row_of_problems_comes_to_an_end() -> None:
    assert len(codes("- *a\n" * 5000)) == MOST_PROBLEMS


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=8)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


@given(TREES)
def test_what_json_writes_is_read_as_it_was_with_a_place_for_each_value(value: Tree) -> None:
    tree = read_tree(json.dumps(value, indent=1, ensure_ascii=False), "f")
    assert tree.problems == []
    assert tree.value == value

    def visit(inner: Tree, path: tuple[str | int, ...]) -> int:
        place = tree.places.at(*path)
        assert place >= tree.places.at(*path[:-1])
        below = (
            list(inner.items())
            if isinstance(inner, dict)
            else list(enumerate(inner))
            if isinstance(inner, list)
            else []
        )
        return 1 + sum(visit(child, (*path, step)) for step, child in below)

    assert visit(value, ()) == len(tree.places)


def test_a_list_longer_than_any_deck_is_left_where_it_is_too_long() -> None:
    tree = read_tree("a: 1\ncards:\n" + "- x\n" * 100_001 + "- *never read\n", "deck.yaml")
    assert tree.value is None
    assert [(problem.code, problem.line) for problem in tree.problems] == [("too-many", 3)]
