"""The table of rules."""

import re
from pathlib import Path

from quizapp.core.deck.checks import READING_CODES, RULES
from quizapp.core.problem import Severity

CODE = Path(__file__).parents[4] / "quizapp" / "core"


def test_every_rule_is_told_in_full() -> None:
    for code, rule in RULES.items():
        assert code == rule.code
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert rule.meaning.endswith((".", ")."))
        assert rule.bad
        assert rule.good
        assert rule.bad != rule.good
        assert rule.can_be_waived is (rule.severity is Severity.WARNING)


def test_no_code_means_two_things() -> None:
    assert not RULES.keys() & READING_CODES.keys()


def test_every_code_in_the_program_is_in_one_of_the_tables_and_the_other_way_round() -> None:
    files = [*(CODE / "deck").rglob("*.py"), *(CODE / "source").rglob("*.py")]
    text = "\n".join(path.read_text() for path in files if path.name != "rules.py")
    for code in RULES.keys() | READING_CODES.keys():
        assert f'"{code}"' in text, code
    used = set(re.findall(r'(?:Problem|Finding|tell|refuse|_report)\([^"]*?"([a-z0-9]+(?:-[a-z0-9]+)+)"', text))
    assert used <= RULES.keys() | READING_CODES.keys()
    assert len(used) > 25
