"""Finding deck and source files on disk for the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizapp.core.errors import Invalid
from quizapp.services.library import InputFile

DECKS = (".yaml", ".yml")
SOURCES = (".md",)
LARGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Collected:
    """The files found. ``asked``: the names asked for; other sources are read only because decks beside them cite.

    ``whole``: folders were asked for, so these are all the decks there are.
    """

    sources: tuple[InputFile, ...]
    decks: tuple[InputFile, ...]
    asked: frozenset[str]
    whole: bool


def _read(path: Path) -> InputFile:
    if path.stat().st_size > LARGEST_FILE:
        raise Invalid(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MB. Split the deck.")
    return InputFile(str(path), path.read_bytes())


def _list(folder: Path, endings: Iterable[str]) -> list[Path]:
    wanted = set(endings)
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in wanted)


def _expand(path: Path) -> list[Path]:
    """A file, or what lies in a folder and in its ``sources/``."""
    if not path.is_dir():
        return [path]
    inside = _list(path, (*DECKS, *SOURCES) if path.name == "sources" else DECKS)
    sources = path / "sources"
    return [*inside, *(_list(sources, SOURCES) if sources.is_dir() else [])]


def collect_files(paths: Iterable[Path]) -> Collected:
    """The deck and source files at these paths, with the sources that lie beside the decks."""
    paths = list(paths)
    asked = list(dict.fromkeys(found for path in paths for found in _expand(path)))
    decks = [path for path in asked if path.suffix.lower() not in SOURCES]
    sources = [path for path in asked if path.suffix.lower() in SOURCES]
    beside = {path.parent / "sources" for path in decks}
    for folder in sorted(beside):
        if folder.is_dir():
            known = {source.resolve() for source in sources}
            sources.extend(path for path in _list(folder, SOURCES) if path.resolve() not in known)
    return Collected(
        tuple(_read(path) for path in sources),
        tuple(_read(path) for path in decks),
        frozenset(str(path) for path in asked),
        all(path.is_dir() for path in paths),
    )


def read_originals(folder: Path | None) -> Mapping[str, bytes]:
    """The original texts in a folder, by file name; none where no folder is given."""
    if folder is None:
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
