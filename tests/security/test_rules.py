"""Rules of our own about the code: what may only stand in a few places that are known to be careful."""

import ast
import re
from collections.abc import Iterator
from re import _constants as signs  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest
from plumbing.checkout import ROOT

CODE = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "quizapp").rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in CODE.items()}
TEMPLATES = sorted((ROOT / "quizapp/web/templates").rglob("*.html"))

MAKES_MARKUP = {
    "quizapp/web/authoring/telling.py": "messages, escaped whole before their code is marked",
    "quizapp/web/drafting.py": "marks words in text that markupsafe has escaped",
    "quizapp/web/icons.py": "our own drawings",
    "quizapp/web/media_shown.py": "what core.markup has cleaned, with our own figures in it",
    "quizapp/web/offline.py": "pages that our own templates made",
    "quizapp/web/passages.py": "paragraphs that core.markup has cleaned",
    "quizapp/web/plans_pictures.py": "charts, whose words are escaped",
    "quizapp/web/progress.py": "charts, whose words are escaped",
    "quizapp/web/remembering.py": "a token, which holds letters, digits and points",
    "quizapp/web/reports_sheets.py": "charts, whose words are escaped",
    "quizapp/web/sources.py": "paragraphs that core.markup has cleaned",
    "quizapp/web/templating.py": "translated words, as the catalogue has them",
    "quizapp/web/text.py": "what core.markup has cleaned",
    "quizapp/web/texts.py": "paragraphs that core.markup has cleaned",
    "quizapp/web/words.py": "translated words, with every value escaped",
    "quizapp/web/workload.py": "charts, whose words are escaped",
}
SAFE_IN_TEMPLATES = {
    "authoring/preview.html": "a passage that core.markup has cleaned",
    "macros/media.html": "our own examples",
}
BUILDS_SQL = {
    "quizapp/store/engine.py": "PRAGMAs from constants",
    "quizapp/store/soundness.py": "PRAGMAs from constants",
}
NESTED_REPEATS = {
    "quizapp/settings.py": "labels of a host, kept apart by dots; read once, from whoever runs the server",
    "quizapp/core/slugs.py": "words kept apart by hyphens",
    "quizapp/core/source/importing/html_pieces.py": "each turn begins with a sign of our own",
    "quizapp/core/deck/layout.py": "each turn begins with a hyphen",
    "quizapp/core/deck/checks/sources.py": "digits kept apart by a comma or point",
    "quizapp/core/deck/checks/options.py": "digits kept apart by a comma or point",
    "quizapp/core/deck/drafting/questions.py": "words kept apart by a space or comma, in one sentence",
    "quizapp/core/exchange/aiken.py": "letters kept apart by a comma",
    "quizapp/core/exchange/htmltext.py": "each turn begins with a sign of its own",
    "quizapp/core/exchange/qti/v2_markup.py": "attributes, each closed by its quote",
}
"""A repeat within a repeat is slow only where one text can be cut in many ways; here each can be cut in one."""

FORBIDDEN_CALLS = frozenset(
    (
        *("eval", "exec", "compile", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads"),
        *("yaml.load", "yaml.unsafe_load", "yaml.full_load", "tempfile.mktemp", "hashlib.md5"),
        *(
            "random.random",
            "random.choice",
            "ssl._create_unverified_context",
            "jinja2.Template",
            "flask.render_template_string",
        ),
        *(
            "render_template_string",
            "ElementTree.parse",
            "ElementTree.fromstring",
            "minidom.parseString",
            "shelve.open",
        ),
    )
)


def _calls(name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call))


def _is_built(text: ast.expr) -> bool:
    """Whether a text is put together from parts: an f-string with values, a sum, ``%`` or ``.format``."""
    if isinstance(text, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in text.values)
    if isinstance(text, ast.BinOp) and isinstance(text.op, ast.Add | ast.Mod):
        return any(isinstance(each, ast.Constant | ast.JoinedStr | ast.BinOp) for each in (text.left, text.right))
    is_call = isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute)
    return is_call and text.func.attr == "format"


def test_html_is_made_in_few_places() -> None:
    made = {name for name in TREES for call in _calls(name) if ast.unparse(call.func).rpartition(".")[2] == "Markup"}
    assert made == set(MAKES_MARKUP)
    said = {
        path.relative_to(ROOT / "quizapp/web/templates").as_posix()
        for path in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8"))
    }
    assert said <= set(SAFE_IN_TEMPLATES)


def test_no_template_runs_or_styles_anything_of_its_own() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son[a-z]+=|javascript:"
    )
    assert [path.name for path in TEMPLATES if inline.search(path.read_text(encoding="utf-8"))] == []


def test_no_statement_of_sql_is_put_together_from_texts() -> None:
    asks = ("text", "execute", "exec_driver_sql", "executescript", "executemany")
    built = {
        name
        for name in TREES
        for call in _calls(name)
        if ast.unparse(call.func).rpartition(".")[2] in asks and call.args and _is_built(call.args[0])
    }
    assert built - set(BUILDS_SQL) == set()


def test_no_shell_is_started_and_nothing_unpickled_or_run() -> None:
    found = [
        (name, call.lineno) for name in TREES for call in _calls(name) if ast.unparse(call.func) in FORBIDDEN_CALLS
    ]
    assert found == []
    risky = {("shell", True), ("verify", False), ("debug", True), ("autoescape", False)}
    flags = [
        (name, call.lineno, keyword.arg)
        for name in TREES
        for call in _calls(name)
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant) and (keyword.arg, keyword.value.value) in risky
    ]
    assert flags == []


def test_web_asks_services_and_never_the_store() -> None:
    imports = {
        (name, ast.unparse(node))
        for name in TREES
        if name.startswith("quizapp/web/")
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert [found for found in imports if "quizapp.store" in found[1]] == []


def test_a_body_of_json_is_read_by_the_one_reader_that_bears_deep_nesting_and_nan() -> None:
    read = [
        (name, node.lineno)
        for name in TREES
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("request.get_json", "request.json")
    ]
    assert read == []


def test_numbers_of_addresses_and_forms_come_through_the_readers_that_know_what_a_column_holds() -> None:
    read = [
        (name, call.lineno)
        for name in TREES
        if name.startswith("quizapp/web/")
        for call in _calls(name)
        if any(keyword.arg == "type" and ast.unparse(keyword.value) in ("int", "float") for keyword in call.keywords)
        or (ast.unparse(call.func) in ("int", "float") and "request." in ast.unparse(call))
    ]
    assert read == []


def _parts(sign: object, value: tuple[object, ...]) -> list[object]:
    """The patterns within a part of a pattern."""
    if sign in (signs.MAX_REPEAT, signs.MIN_REPEAT):
        return [value[2]]
    if sign is signs.BRANCH:
        return list(value[1])  # type: ignore[call-overload]
    if sign is signs.SUBPATTERN:
        return [value[3]]
    return [value[1]] if sign in (signs.ASSERT, signs.ASSERT_NOT) else []


def _nests(parsed: object, *, inside: bool = False) -> bool:
    """Whether a repeat without end stands within another."""
    for sign, value in parsed:  # type: ignore[attr-defined]
        endless = sign in (signs.MAX_REPEAT, signs.MIN_REPEAT) and value[1] is signs.MAXREPEAT
        if (endless and inside) or any(_nests(part, inside=inside or endless) for part in _parts(sign, value)):
            return True
    return False


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [("(a+)+", True), ("(a|b+)*", True), ("(?=(a*)*)", True), ("(ab)+c*", False), ("(a{2,9})+", False)],
)
def test_a_repeat_within_a_repeat_is_seen(pattern: str, slow: bool) -> None:
    assert _nests(parser.parse(pattern)) == slow


def test_patterns_do_not_repeat_repeats() -> None:
    found = set()
    for name in TREES:
        for call in _calls(name):
            first = call.args[0] if call.args and ast.unparse(call.func).startswith("re.") else None
            if isinstance(first, ast.Constant) and call.func.attr != "escape":  # type: ignore[attr-defined]
                flags = re.VERBOSE if "VERBOSE" in ast.unparse(call) else 0
                found |= {name} if _nests(parser.parse(first.value, flags)) else set()
    assert found - set(NESTED_REPEATS) == set()
