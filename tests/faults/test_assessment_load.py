"""A class answers a test at once: every acknowledged answer is there, and nothing fails.

The same run with a large class, and with times, is ``benchmarks/assessments.py``.
"""

import json
import subprocess
import sys

from plumbing.checkout import ROOT


def test_thirty_students_answer_ten_questions_at_once_and_nothing_is_lost() -> None:
    command = [sys.executable, "-P", ROOT / "benchmarks" / "assessments.py"]
    sizes = ["--students", "30", "--questions", "10", "--seconds", "4", "--arrive", "1", "--workers", "2"]
    done = subprocess.run([*command, *sizes], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == 0, told["first errors"]
    assert (told["acknowledged"], told["lost"]) == (300, 0)
    assert told["hand in"]["n"] == 30
