"""A file of Moodle XML as decks: one for each category that has questions."""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.carry import Carried, unpack_html
from quizapp.core.exchange.effort import Effort
from quizapp.core.exchange.filing import FoundFiles
from quizapp.core.exchange.gathering import Gathering, clean_line, make_slug
from quizapp.core.exchange.htmltext import to_text
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.exchange.moodlexml.answers import NotTaken, Question, read_values
from quizapp.core.exchange.moodlexml.writing import MOODLE
from quizapp.core.exchange.webtext import AS_WRITTEN, TextReader, join_texts, split_head
from quizapp.core.exchange.xmltree import Node, parse_xml
from quizapp.core.markup import render
from quizapp.core.messages import join_said, say
from quizapp.core.problem import Problem
from quizapp.core.slugs import is_slug

_ADDRESS = re.compile(r"@@PLUGINFILE@@/([^\"'\s<>?#]{1,500})")
# A category's own slashes stand doubled in its path.
_SLASH = re.compile(r"(?<!/)/(?!/)")
_DISPLAYED = re.compile(r"\$\$([^$\n]{1,2000})\$\$")
# What Moodle writes by itself into the feedback for a whole question.
_STOCK = frozenset(
    ("", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.", "Correct.")
)
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


@dataclass(slots=True)
class _Reader:
    """Reads the questions of one file, category by category."""

    options: ImportOptions
    files: FoundFiles = field(default_factory=FoundFiles)
    gatherings: list[tuple[str, Gathering]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)

    def read(self, root: Node) -> None:
        self._start_deck("")
        for node in root.list("question"):
            if node.get("type") == "category":
                self._read_category(node)
            elif not self.effort.start():
                message = say("The file holds more than is read at once; what follows here was left out.")
                self._gathering.report(node.line, "file-too-large", message, say("Export it in several parts."))
                return
            else:
                self._read_question(node)

    @property
    def _gathering(self) -> Gathering:
        return self.gatherings[-1][1]

    def _start_deck(self, name: str) -> None:
        if not self.gatherings or self._gathering.cards or self._gathering.problems or self._gathering.head:
            self.gatherings.append((name, Gathering(self.options)))
        self.gatherings[-1] = (name, self._gathering)

    def _read_category(self, node: Node) -> None:
        path = _SLASH.split(node.find_text("category", "text")[:2000])
        name = clean_line(path[-1].replace("//", "/"))
        self._start_deck("" if name in ("top", "$course$") else name)
        info = node.find("info")
        text = self.effort.cut(info.find_text("text")) if info else ""
        is_html = info is not None and info.get("format") in ("html", "moodle_auto_format", "")
        self._gathering.head |= split_head(to_text(text) if is_html else text)

    def _read_html(self, node: Node | None) -> str:
        """The HTML of an element, whatever it is written in, with the names its files have here."""
        if node is None:
            return ""
        text = self.effort.cut(node.find_text("text"))
        names = dict(self._take_files(node))
        if names:
            text = _ADDRESS.sub(lambda found: self._rename(found, names), text)
        match node.get("format"):
            case "markdown":
                return render(text)
            case "plain_text":
                return html.escape(text).replace("\n", "<br>")
            case "moodle_auto_format" | "wiki_like":
                text = text.replace("\n", "<br>")
        return _DISPLAYED.sub(r"\\(\1\\)", text)

    def _rename(self, found: re.Match[str], names: dict[str, str]) -> str:
        name = unquote(found[1])
        return f"@@PLUGINFILE@@/{quote(names.get(name, name))}"

    def _take_files(self, node: Node) -> Iterator[tuple[str, str]]:
        for file in node.list("file"):
            name = file.get("name")
            whole = f"{file.get('path')}{name}".lstrip("/")
            try:
                data = base64.b64decode(file.text, validate=False)
            except (binascii.Error, ValueError):
                data = b""
            kept = self.files.add(name, data)
            if kept is None:
                message = say(
                    "The file “%(name)s” cannot be read, or is neither a picture nor a sound.", name=shorten(name)
                )
                self._gathering.report(file.line, "file-not-taken", message, say("Add it to the deck by hand."))
            else:
                yield whole, kept

    def _read_question(self, node: Node) -> None:
        name = shorten(node.find_text("name", "text")) or say("without a name")
        rest, carried = unpack_html(self._read_html(node.find("generalfeedback")))
        ident = node.find_text("idnumber")
        if is_slug(ident):
            carried = replace(carried, id=ident)
        self.effort.recall(len(carried.extra.get(AS_WRITTEN, ())))
        texts = TextReader(MOODLE, carried)
        question = Question(node, texts, self._read_html)
        try:
            values = read_values(question)
        except NotTaken as refusal:
            message = say("The question “%(name)s” was not taken: %(reason)s.", name=name, reason=refusal.reason)
            self._gathering.report(node.line, "not-taken", message, refusal.fix)
            return
        self._add(question, name, rest, values)

    def _add(self, question: Question, name: str, rest: str, values: dict[str, Any]) -> None:
        node, texts = question.node, question.texts
        explanation = join_texts([texts.block(rest), values.pop("feedback", "")])
        hints = [question.block(hint.find("hintcontent") or hint) for hint in node.list("hint")]
        if node.get("type") not in ("cloze", "multianswer", "gapselect", "ddwtos"):
            values["prompt"] = question.block(node.find("questiontext"))
        values |= {"explanation": explanation, "hint": join_texts(hints), "tags": self._read_tags(node)}
        if any(to_text(self._read_html(node.find(tag))) not in _STOCK for tag in _COMBINED):
            question.lost.append(say("feedback for all right, partly right or wrong answers alike"))
        key = node.find_text("idnumber")
        if self._gathering.add(node.line, values, _without_blanks(texts.carried), key) and question.lost:
            message = say(
                "The question “%(name)s” was taken without %(text)s.",
                name=name,
                text=join_said(dict.fromkeys(question.lost)),
            )
            self._gathering.report(node.line, "taken-in-part", message, say("Look at the card once."), warning=True)

    def _read_tags(self, node: Node) -> list[str]:
        tags = node.find("tags")
        texts = (clean_line(tag.find_text("text")) for tag in tags.list("tag")) if tags else ()
        return [text for text in texts if text][:50]

    def finish(self) -> Imported:
        """All decks and problems together."""
        filled = [(name, one) for name, one in self.gatherings if one.cards]
        silent = [one for _, one in self.gatherings if not one.cards]
        problems = [problem for one in silent for problem in one.problems]
        decks = list[Deck]()
        for name, gathering in filled:
            if len(filled) > 1:
                self._name_apart(name, gathering)
            done = gathering.finish(title=name)
            decks += done.decks
            problems += done.problems
        if not problems and not decks:
            return Gathering(self.options).finish()
        problems.sort(key=lambda problem: problem.line)
        return Imported(tuple(decks), tuple(problems), self.files.list())

    def _name_apart(self, name: str, gathering: Gathering) -> None:
        """Several categories become several decks, so that none may take the id or title meant for one."""
        stem = self.options.deck_id or self.options.file.rsplit(".", 1)[0]
        gathering.options = replace(self.options, deck_id="", title="")
        gathering.head.setdefault("id", make_slug(f"{stem} {name}"))


def _without_blanks(carried: Carried) -> Carried:
    return replace(carried, values={key: value for key, value in carried.values.items() if value})


def read(data: bytes, options: ImportOptions) -> Imported:
    """The decks in a file of Moodle XML, and what could not be taken. Never raises on what the bytes hold."""
    root = parse_xml(data, options.file)
    if isinstance(root, Problem):
        return Imported((), (root,))
    if root.tag != "quiz":
        message = say(
            "The file is XML, and not Moodle's: it begins with <%(name)s>, not with <quiz>.", name=shorten(root.tag, 40)
        )
        fix = say("In Moodle choose Question bank, Export, Moodle XML format.")
        return Imported((), (Problem(options.file, root.line, 0, "not-moodle-xml", message, fix),))
    reader = _Reader(options)
    reader.read(root)
    return reader.finish()
