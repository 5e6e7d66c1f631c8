"""The project keeps its own promises: locks, licence, version, targets, and nothing copied."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from plumbing.checkout import ROOT, find_copied, list_files, list_texts

import quizapp

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
LONGEST_QUOTE = 12
# In pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
REGISTRIES += [".".join(parts) for parts in (("debian", "org"), ("ubuntu", "com"), ("golang", "org"), ("crates", "io"))]
ARTICLES = sorted((ROOT.parent / "shared" / "sources").glob("*.txt"))


@cache
def _read_project() -> dict[str, str]:
    return list_texts()


def _read_lock(name: str) -> dict[str, list[str]]:
    """The pinned packages of a lock file: version, then hashes."""
    pinned: dict[str, list[str]] = {}
    package = ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        content = line.strip().removesuffix("\\").strip()
        if content.startswith("--hash="):
            pinned[package].append(content)
        elif content and not content.startswith("#"):
            package, pin, version = content.partition(";")[0].strip().partition("==")
            assert pin, f"{name} does not pin {content}"
            pinned[package] = [version]
    return pinned


def _read_pyproject() -> dict[str, dict[str, list[str]]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_with_hashes(lock: str) -> None:
    pinned = _read_lock(lock)
    assert pinned
    for package, (version, *hashes) in pinned.items():
        assert Version(version)
        assert hashes, f"{package} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), package


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(extra-)?index|--find-links|--trusted-host", text)


def test_locks_agree_on_every_version() -> None:
    dev = _read_lock("requirements-dev.lock")
    for lock in LOCKS:
        for package, (version, *_) in _read_lock(lock).items():
            assert (package, dev[package][0]) == (package, version), lock


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    pyproject = _read_pyproject()
    asked = {
        "requirements.lock": pyproject["project"]["dependencies"],
        "requirements-dev.lock": [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]],
        "requirements-build.lock": pyproject["build-system"]["requires"],
    }
    for lock, requirements in asked.items():
        pinned = _read_lock(lock)
        for requirement in map(Requirement, requirements):
            version = pinned[canonicalize_name(requirement.name)][0]
            assert requirement.specifier.contains(version), f"{lock}: {requirement} is locked at {version}"


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert [name for name, text in _read_project().items() if host in text] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    home = re.compile(r"(?<![\w.:/~-])/(?:work|root|home/\w+|Users/\w+)/")
    assert [name for name, text in _read_project().items() if home.search(text)] == []


def _leave_out_isolates(name: str, text: str) -> str:
    """A text written from right to left sets foreign words apart: from U+2066 to U+2069, within one line."""
    return re.sub("\u2066([^\u2066-\u2069\n]*)\u2069", r"\1", text) if name.endswith(".po") else text


def test_no_file_holds_a_character_that_cannot_be_seen() -> None:
    hidden = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
    texts = {name: _leave_out_isolates(name, text) for name, text in _read_project().items()}
    assert [name for name, text in texts.items() if hidden.search(text)] == []


def test_make_alone_lists_every_target() -> None:
    shown = subprocess.run(["make", "-s", "-C", ROOT], capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"^  make ([a-z]+) ", shown, re.MULTILINE)) == targets - {"help"}


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == quizapp.__version__


def test_the_licence_is_mit() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n\nCopyright (c) 2026 the Quizapp authors\n")


def test_a_copied_run_of_words_is_found_in_any_dress() -> None:
    article = "One two three, four ‘five’ six seven eight’s nine ten eleven twelve thirteen fourteen."
    dressed = "text: ONE  two **three** four\nfive six seven eight's “nine” ten eleven twelve thirteen!"
    assert find_copied(article, dressed, 13) is not None
    assert find_copied(article, dressed.replace("nine", "9"), 13) is None
    assert find_copied(article, "one two three four five six seven eight’s nine ten eleven twelve", 13) is None
    assert find_copied("", dressed, 13) is None
    assert find_copied(article, "", 13) is None


def test_nothing_longer_than_a_quote_is_copied_from_the_articles() -> None:
    """The articles are not the project's: they lie beside it where its authors work, and nowhere else."""
    for article in ARTICLES:
        original = article.read_text(encoding="utf-8")
        copied = {name: find_copied(original, text, LONGEST_QUOTE + 1) for name, text in _read_project().items()}
        assert {name: words for name, words in copied.items() if words} == {}


def test_no_article_lies_in_the_project() -> None:
    assert {path.name for path in list_files()} & {article.name for article in ARTICLES} == set()


def test_scripts_can_be_run() -> None:
    for name in (".ci/run", "scripts/run-faults", "scripts/run-tests", "scripts/set-up"):
        assert Path(ROOT / name).stat().st_mode & 0o111, name
