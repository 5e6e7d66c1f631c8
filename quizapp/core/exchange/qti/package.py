"""Content packages of IMS (1EdTech): a zip with ``imsmanifest.xml``, or a single file of XML in its place."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from quizapp.core.deck.text import shorten
from quizapp.core.exchange.archives import MEGABYTE, Archive, ArchiveRefused, Limits
from quizapp.core.exchange.xmltree import LARGEST_XML, Budget, Node, parse_xml
from quizapp.core.messages import say
from quizapp.core.problem import Problem

MANIFEST: Final = "imsmanifest.xml"
_OFFICE: Final = {
    "xl/workbook.xml": say("a workbook of a spreadsheet program"),
    "word/document.xml": say("a document of a word processor"),
    "ppt/presentation.xml": say("a presentation"),
    "META-INF/manifest.xml": say("a document of an office program"),
}
_LIMITS: Final = Limits(archive=96 * MEGABYTE, entries=20_000, entry=LARGEST_XML, total=96 * MEGABYTE)
_LARGEST_TOGETHER: Final = LARGEST_XML
_ROOTS: Final = frozenset({"questestinterop", "assessmentItem", "assessmentTest"})
_XML_NAME = re.compile(r".*\.(?:xml|qti)", re.IGNORECASE | re.DOTALL)
_QUESTIONS: Final = ("imsqti_item", "imsqti_xmlv1")
_FILEBASE = re.compile(r"^(?:\$|%24)IMS-CC-FILEBASE(?:\$|%24)/?")
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a package: its name in it, blank for a file that is no package, and its root element."""

    name: str
    root: Node


@dataclass(slots=True)
class Package:
    """What a file holds: its documents in the order of the manifest, and the other files when they are asked for."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    manifest: Node | None = None
    archive: Archive | None = None

    def find_file(self, base: str, address: str) -> tuple[str, bytes] | None:
        """The file that a document means by an address, with its name; None where there is none."""
        if self.archive is None:
            return None
        path = unquote(_FILEBASE.sub("", address).split("?", 1)[0])
        last = posixpath.basename(path)
        near = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
        for name in (near, path, f"web_resources/{path}"):
            if name in self.archive:
                return _read_file(self.archive, name)
        if not _FILEBASE.match(address):
            return None
        found = next((name for name in self.archive.names if posixpath.basename(name) == last), "")
        return _read_file(self.archive, found) if found and last else None


def _read_file(archive: Archive, name: str) -> tuple[str, bytes] | None:
    try:
        return posixpath.basename(name), archive.read(name)
    except ArchiveRefused:
        return None


def open_package(data: bytes, file: str) -> Package:
    """Open a package, or a single document. What cannot be read is in its ``problems``; never raises."""
    if not data.startswith(b"PK"):
        root = parse_xml(data, file)
        if isinstance(root, Problem):
            return Package(problems=[root])
        return Package(documents=[Document("", root)])
    try:
        return _open_archive(Archive(data, _LIMITS), file)
    except ArchiveRefused as refusal:
        return Package(problems=[Problem(file, 0, 0, refusal.code, refusal.message, refusal.fix)])


def _open_archive(archive: Archive, file: str) -> Package:
    if office := next((what for name, what in _OFFICE.items() if name in archive), ""):
        fix = say("Save it there as text: a table as CSV, questions as plain text (.txt).")
        told = say("This is %(what)s, not a package of questions.", what=office)
        return Package(problems=[Problem(file, 0, 0, "not-text", told, fix)])
    package = Package(archive=archive)
    budget = Budget()
    place = min((name for name in archive.names if posixpath.basename(name) == MANIFEST), key=len, default="")
    if place:
        manifest = parse_xml(archive.read(place), f"{file}/{place}", budget)
        if isinstance(manifest, Problem):
            package.problems.append(manifest)
        else:
            package.manifest = manifest
    base = posixpath.dirname(place)
    package.problems += _tell_missing(archive.names, package.manifest, base, file)
    left = _LARGEST_TOGETHER
    for name in _order_names(archive.names, package.manifest, base):
        content = archive.read(name)
        left -= len(content)
        if left < 0:
            message = say(
                "The package has more than %(largest_together)s bytes of questions; the rest was not read.",
                largest_together=f"{_LARGEST_TOGETHER:,}",
            )
            package.problems.append(
                Problem(file, 0, 0, "file-too-large", message, say("Export the questions in several parts."))
            )
            break
        _add_document(package, content, name, f"{file}/{name}", budget)
        if budget.elements < 0:
            break
    return package


def _tell_missing(names: Sequence[str], manifest: Node | None, base: str, file: str) -> Sequence[Problem]:
    """The documents of questions that the manifest names and that nobody packed."""
    listed = _list_questions(manifest) if manifest else iter(())
    wanted = dict.fromkeys(posixpath.normpath(posixpath.join(base, unquote(href))) for href in listed if href)
    missing = [name for name in wanted if name not in names]
    if not missing:
        return ()
    said = ", ".join(f"“{shorten(name, 60)}”" for name in missing[:5]) + (", …" if len(missing) > 5 else "")
    message = say("The package lists questions that are not in it: %(names)s.", names=said)
    return (Problem(file, 0, 0, "missing-file", message, say("Export it again, with all its questions.")),)


def _add_document(package: Package, content: bytes, name: str, shown: str, budget: Budget) -> None:
    root = parse_xml(content, shown, budget)
    if isinstance(root, Problem):
        package.problems.append(root)
    elif root.tag in _ROOTS:
        package.documents.append(Document(name, root))


def _list_questions(manifest: Node) -> Iterator[str]:
    for resource in manifest.search("resource"):
        if resource.get("type").startswith(_QUESTIONS):
            yield resource.get("href") or next((one.get("href") for one in resource.list("file")), "")


def _list_hrefs(manifest: Node) -> Iterator[str]:
    for resource in manifest.search("resource"):
        yield resource.get("href")
        for one in resource.list("file"):
            yield one.get("href")


def _order_names(names: Sequence[str], manifest: Node | None, base: str) -> Iterable[str]:
    """The names of documents: those of the manifest in its order, then the others of the archive."""
    documents = {name for name in names if _XML_NAME.fullmatch(name) and posixpath.basename(name) != MANIFEST}
    listed = _list_hrefs(manifest) if manifest else iter(())
    ordered = [posixpath.normpath(posixpath.join(base, unquote(href))) for href in listed if href]
    ordered = [name for name in dict.fromkeys(ordered) if name in documents]
    seen = set(ordered)
    return [*ordered, *(name for name in names if name in documents and name not in seen)]


def write_package(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, always the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()
