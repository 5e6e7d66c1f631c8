"""Finding decks, sources, pictures and sounds on disk for the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizapp.core.errors import Invalid
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media import find_limit
from quizapp.services.library import InputFile

DECKS = (".yaml", ".yml")
SOURCES = (".md",)
LARGEST_FILE = 64 * 1024 * 1024


def _is_medium(path: Path) -> bool:
    """Whether this may be a picture or sound; what begins with a dot is of some program."""
    return path.is_file() and not path.name.startswith(".")


def _read_medium(path: Path) -> MediaFile:
    with path.open("rb") as file:
        return MediaFile(path.name, file.read(find_limit(path.name) + 1))


@dataclass(frozen=True, slots=True)
class Collected:
    """The files found. ``asked``: the names asked for; other sources are read only because decks beside them cite.

    ``whole``: folders were asked for, so these are all the decks there are. ``media`` are the folders that hold a
    folder of pictures and sounds for each deck that has some.
    """

    sources: tuple[InputFile, ...]
    decks: tuple[InputFile, ...]
    asked: frozenset[str]
    whole: bool
    media: tuple[Path, ...] = ()

    def is_asked(self, file: str) -> bool:
        """Whether problems of this file are to be told; pictures and sounds go with their decks."""
        return file in self.asked or file.startswith("media/")

    def read_media(self, deck: str) -> tuple[MediaFile, ...]:
        """The pictures and sounds of a deck. Of one that is too large, only enough is read to see that."""
        folders = [folder / deck for folder in self.media if (folder / deck).is_dir()]
        return tuple(_read_medium(path) for folder in folders for path in sorted(folder.iterdir()) if _is_medium(path))


def _read(path: Path) -> InputFile:
    if path.stat().st_size > LARGEST_FILE:
        raise Invalid(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MB. Split the deck.")
    return InputFile(str(path), path.read_bytes())


def _list(folder: Path, endings: Iterable[str]) -> list[Path]:
    """The files of a folder with these endings. What begins with a dot is of some program, such as a Mac's ``._``."""
    wanted = set(endings)
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in files if path.suffix.lower() in wanted)


def _expand(path: Path) -> list[Path]:
    """A file, or what lies in a folder and in its ``sources/``."""
    if not path.is_dir():
        return [path]
    inside = _list(path, (*DECKS, *SOURCES) if path.name == "sources" else DECKS)
    sources = path / "sources"
    return [*inside, *(_list(sources, SOURCES) if sources.is_dir() else [])]


def _keep_first(paths: Iterable[Path]) -> list[Path]:
    """Each file once, by the first of its names: links are other names."""
    found: dict[Path, Path] = {}
    for path in paths:
        found.setdefault(path.resolve(), path)
    return list(found.values())


def collect_files(paths: Iterable[Path]) -> Collected:
    """The deck and source files at these paths, with the sources that lie beside the decks."""
    paths = list(paths)
    asked = _keep_first(found for path in paths for found in _expand(path))
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
        tuple(folder for folder in sorted({path.parent / "media" for path in decks}) if folder.is_dir()),
    )


def read_originals(folder: Path | None) -> Mapping[str, bytes]:
    """The original texts in a folder, by file name; none where no folder is given."""
    if folder is None:
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
