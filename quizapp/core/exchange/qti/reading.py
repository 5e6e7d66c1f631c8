"""A file of QTI, whatever its version, as decks: a package or a single document."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.gathering import Gathering, make_slug
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.qti.common import Pictures
from quizapp.core.exchange.qti.package import Document, Package, open_package
from quizapp.core.exchange.qti.v1_reading import V1Reader, list_groups
from quizapp.core.exchange.qti.v2_reading import read_items, title_test
from quizapp.core.exchange.xmltree import Node
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity


@dataclass(slots=True)
class _Reader:
    """Collects the decks of one file."""

    options: ImportOptions
    package: Package
    pictures: Pictures
    gatherings: list[tuple[str, Gathering]] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)

    def start(self, title: str, document: Document | None = None) -> Gathering:
        """A deck to come; problems name the document of the package that they are in."""
        name = f"{self.options.file}/{document.name}" if document and document.name else self.options.file
        gathering = Gathering(replace(self.options, file=name))
        self.gatherings.append((title, gathering))
        return gathering

    def read_v1(self) -> None:
        """All documents of QTI 1.2. Canvas writes a quiz twice, and the fuller one (``.xml.qti``) counts."""
        chosen: dict[str, tuple[Document, str, Node]] = {}
        for number, document in enumerate(self.package.documents):
            if document.root.tag == "questestinterop":
                for ident, title, group in list_groups(document):
                    key = ident or f"{number}"
                    if key not in chosen or document.name.endswith(".qti"):
                        chosen[key] = (document, title, group)
        for document, title, group in chosen.values():
            V1Reader(document, group, self.start(title, document), self.pictures, self.effort).read()

    def read_v2(self) -> None:
        """All items of QTI 2, in the order of the test where there is one."""
        items = [document for document in self.package.documents if document.root.tag == "assessmentItem"]
        if items:
            tests = [document for document in self.package.documents if document.root.tag == "assessmentTest"]
            gathering = self.start(title_test(tests))
            read_items(self.package, items, tests, gathering, self.pictures, self.effort)

    def finish(self) -> Imported:
        """All decks and problems together."""
        filled = [(title, one) for title, one in self.gatherings if one.cards]
        problems = [
            *self.package.problems,
            *(told for _, one in self.gatherings if not one.cards for told in one.problems),
        ]
        decks = list[Deck]()
        for title, gathering in filled:
            gathering.options = self.options
            if len(filled) > 1:
                gathering.options = replace(self.options, deck_id="", title="")
                stem = self.options.deck_id or self.options.file.rsplit(".", 1)[0]
                gathering.head.setdefault("id", make_slug(f"{stem} {title}"))
            done = gathering.finish(title=title)
            decks += done.decks
            problems += done.problems
        problems += self._tell_missing()
        if not decks and not problems:
            problems = list(Gathering(self.options).finish().problems)
        return Imported(tuple(decks), tuple(problems), self.pictures.found.list())

    def _tell_missing(self) -> Sequence[Problem]:
        missing = list(dict.fromkeys(self.pictures.missing))
        if not missing:
            return ()
        names = ", ".join(f"“{shorten(name, 40)}”" for name in missing[:5]) + (", …" if len(missing) > 5 else "")
        message = say("Pictures or sounds that questions show are not in the file: %(names)s.", names=names)
        fix = say("Export the whole package, not the questions alone.")
        return (Problem(self.options.file, 0, 0, "missing-file", message, fix, Severity.WARNING),)


def read(data: bytes, options: ImportOptions) -> Imported:
    """The decks in a file of QTI 1.2 or 2, and what could not be taken. Never raises on what the bytes hold."""
    package = open_package(data, options.file)
    known = [document.root.tag for document in package.documents]
    if "" in (document.name for document in package.documents) and not {"questestinterop", "assessmentItem"} & {*known}:
        message = say("The file is XML, and not QTI: it begins with <%(name)s>.", name=shorten(known[0], 40))
        fix = say(
            "Export it as QTI: a package (.zip), or a document that begins with <questestinterop> or <assessmentItem>."
        )
        return Imported((), (Problem(options.file, 1, 0, "not-qti", message, fix),))
    if not known and not package.problems:
        message = say("The archive holds no questions in QTI.")
        fix = say("Export the quiz as QTI; a package holds imsmanifest.xml and the questions.")
        return Imported((), (Problem(options.file, 0, 0, "not-qti", message, fix),))
    reader = _Reader(options, package, Pictures(package))
    reader.read_v1()
    reader.read_v2()
    return reader.finish()
