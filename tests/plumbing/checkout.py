"""The files of the project itself, as the tests about the project read them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MADE_HERE = ("__pycache__", "build", "dist", "instance", "htmlcov", "test-results")


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        made_here = path.name in _MADE_HERE or (path.name.startswith(".") and path.is_dir() and path.name != ".ci")
        if path.is_dir() and not made_here:
            yield from _walk(path)
        elif path.is_file():
            yield path


def list_files() -> list[Path]:
    """The files of the project: those git keeps, else (no git, no repository) all but what was made here."""
    try:
        git = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        return list(_walk(ROOT))
    return [path for name in git.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def list_texts() -> dict[str, str]:
    """The text files of the project, by their path from its top."""
    texts = {}
    for path in list_files():
        try:
            texts[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return texts


def split_words(text: str) -> list[str]:
    """The words of a text, without case, quotes and punctuation at their ends."""
    marks = "\"'“”‘’.,;:!?()[]{}<>«»—–-_*`#|&/\\"
    return [word for piece in text.casefold().replace("’", "'").split() if (word := piece.strip(marks))]


def find_copied(article: str, text: str, words: int) -> str | None:
    """The first run of ``words`` words of the article that the text holds too; None where there is none."""
    source, copy = split_words(article), split_words(text)
    runs = {tuple(source[start : start + words]) for start in range(len(source) - words + 1)}
    windows = (tuple(copy[start : start + words]) for start in range(len(copy) - words + 1))
    return next((" ".join(window) for window in windows if window in runs), None)
