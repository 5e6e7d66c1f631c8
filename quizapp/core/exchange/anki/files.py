"""The pictures and sounds of a package: taken where a card shows them, under names that our decks can use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.core.exchange.archives import Archive, ArchiveRefused
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media.names import find_type, is_plain_name, tidy_name
from quizapp.core.media.refusals import find_limit
from quizapp.core.messages import say

_SHOWN = re.compile(r"!\[((?:[^\[\]\\]|\\.){0,500})\]\((<[^<>\n]{1,300}>|[^\s()<>]{1,300})\)")


@dataclass(slots=True)
class Files:
    """Takes files out of the archive as cards name them.

    ``problems`` collects, by the name of a file, why it was not taken.
    """

    archive: Archive
    names: Mapping[str, str]
    is_packed: bool
    taken: dict[str, MediaFile] = field(default_factory=dict)
    problems: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def place(self, markdown: str, *, keep: bool = False) -> str:
        """A text whose pictures and sounds are files of ours; of those that are not taken, the words stay.

        With ``keep`` they stay as they are: a card of ours may name a file that its deck has already.
        """
        if "](" not in markdown:
            return markdown
        return _SHOWN.sub(lambda shown: self._place(shown, keep=keep), markdown)

    def _place(self, shown: re.Match[str], *, keep: bool) -> str:
        name = shown[2].strip("<>")
        file = self.take(name)
        if file is None:
            return shown[0] if keep else shown[1]
        if file.name == name:
            return shown[0]
        target = f"<{file.name}>" if " " in file.name or "(" in file.name or ")" in file.name else file.name
        return f"![{shown[1]}]({target})"

    def take(self, name: str) -> MediaFile | None:
        """The file of this name in Anki; None where it is not taken."""
        if name in self.taken:
            return self.taken[name]
        if name not in self.problems:
            self._fetch(name)
        return self.taken.get(name)

    def _fetch(self, name: str) -> None:
        key = self.names.get(name)
        if find_type(name) is None:
            fix = say("Save it as PNG, JPEG or WebP, or a sound as MP3, and use that in Anki.")
            self.problems[name] = ("anki-file-type", say("is of a kind that cannot be shown here"), fix)
        elif key is None:
            fix = say("Export again with “Include media”, and check in Anki that the file is there.")
            self.problems[name] = ("anki-file-missing", say("is not in the package"), fix)
        else:
            try:
                data = self.archive.read(key, find_limit(name), zstd=self.is_packed)
            except ArchiveRefused as refusal:
                self.problems[name] = (
                    refusal.code,
                    say("was not taken: %(why)s", why=refusal.message.rstrip(".")),
                    refusal.fix,
                )
                return
            chosen = name if is_plain_name(name) and name not in self._used else tidy_name(name, self._used)
            self._used.add(chosen)
            self.taken[name] = MediaFile(chosen, data)
