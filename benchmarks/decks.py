"""How fast a deck is read and checked, beside libyaml and pydantic alone, and in how much memory.

    python benchmarks/decks.py [--cards 10000] [--repeats 5] [--seed 7]

Cards and sources are made up from a seed: invented words in sentences, cards of five types with hints, explanations and
citations that hold. All is measured in one run and told as ratios too, since absolute times move with the machine. The
peaks are those of a child process each, the interpreter and its imports included.
"""

import sys

sys.path = sys.path[1:]  # this folder, whose http.py is not the one that others mean

import argparse
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

import yaml

from quizapp.core.deck.checks import check_decks
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.write import write_deck
from quizapp.core.source.document import Source, read_source

_PARAGRAPHS = 30
_CARDS_A_SOURCE = 100
_SMALL = (
    "a",
    "the",
    "of",
    "in",
    "to",
    "by",
    "with",
    "from",
    "for",
    "and",
    "on",
    "at",
    "its",
    "their",
    "new",
    "old",
    "near",
)


class _Author:
    """Invents words, sentences, sources and cards."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - texts to measure with, no secrets
        syllables = [
            "ba",
            "cor",
            "den",
            "fi",
            "gal",
            "hu",
            "jen",
            "ka",
            "lor",
            "mi",
            "nas",
            "or",
            "pel",
            "qui",
            "ras",
            "tu",
        ]
        self.words = sorted({"".join(self.random.choices(syllables, k=self.random.randint(2, 4))) for _ in range(6000)})

    def name(self) -> str:
        return self.random.choice(self.words).capitalize()

    def sentence(self) -> str:
        length = self.random.randint(9, 18)
        words = [self.random.choice(_SMALL if self.random.random() < 0.45 else self.words) for _ in range(length)]
        words[0] = words[0].capitalize()
        for place in (length // 3, 2 * length // 3):
            words[place] = self.name()
        return " ".join([*words, "in", f"{self.random.randint(1500, 2020)}."])

    def source(self, number: int) -> str:
        paragraphs = [" ".join(self.sentence() for _ in range(self.random.randint(3, 5))) for _ in range(_PARAGRAPHS)]
        front = f"---\nid: source-{number}\ntitle: Source {number}\nlanguage: en\nkind: article\n---\n\n"
        return front + "\n\n".join(paragraphs) + "\n"

    def card(self, number: int, source: Source) -> dict[str, object]:
        block = self.random.choice(source.paragraphs)
        words = self.random.choice(block.text.split(". ")).rstrip(".").split()
        year, who = words[-1], words[len(words[:-2]) // 3]
        stem = " ".join(words[1:-2]).replace(who, "someone")
        card: dict[str, object] = {
            "id": f"card-{number}",
            "explanation": f"The text says “{' '.join(words[-4:])}”, and {' '.join(words[2:6])} is what it meant.",
            "hint": f"Think of {words[1]} and {words[2]}.",
            "tags": [self.random.choice(_SMALL), self.random.choice(self.words)],
            "difficulty": self.random.choice(["easy", "medium", "hard"]),
            "citations": [{"source": source.id, "paragraph": block.number, "quote": " ".join(words[-9:])}],
        }
        return card | self._ask(number % 5, stem, year, who)

    def _ask(self, kind: int, stem: str, year: str, who: str) -> dict[str, object]:
        others = self.random.sample([other for other in range(1500, 2021) if str(other) != year], 3)
        if kind == 0:
            wrong = [{"text": str(other), "why": f"In {other} nothing of the kind took place."} for other in others]
            return {"type": "choice", "prompt": f"In which year was it {stem}?", "answer": year, "wrong": wrong}
        if kind == 1:
            return {"type": "short", "prompt": f"Who was it, {stem}?", "answer": who, "accept": [who.upper() + "us"]}
        if kind == 2:
            return {"type": "cloze", "text": f"It was {stem} in {{{{{year}}}}}."}
        if kind == 3:
            return {"type": "truefalse", "prompt": f"It was {stem}.", "answer": self.random.random() < 0.5}
        return {"type": "flashcard", "prompt": f"Tell who was {stem}.", "answer": f"{who}, as the text tells."}


def make_deck(cards: int, seed: int) -> tuple[bytes, list[bytes]]:
    """A deck file of so many cards, and the source files it cites."""
    author = _Author(seed)
    texts = [author.source(number).encode() for number in range(-(-cards // _CARDS_A_SOURCE))]
    sources = [source for text in texts if isinstance(source := read_source(text, "source.md"), Source)]
    made = [author.card(number, sources[number // _CARDS_A_SOURCE]) for number in range(cards)]
    head = {"format": 1, "id": "bench", "title": "Benchmark", "language": "en", "theme": "speed"}
    deck = Deck.model_validate(head | {"sources": [source.id for source in sources], "cards": made})
    return write_deck(deck).encode(), texts


def _read(data: bytes) -> DeckFile:
    file = read_deck(data, "deck.yaml")
    if not isinstance(file, DeckFile):
        raise SystemExit("\n".join(map(str, file[:10])))
    return file


def _parse_and_validate(data: bytes) -> Deck:
    return Deck.model_validate(yaml.load(data, Loader=yaml.CSafeLoader))


def _time(tasks: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """The median seconds of each task, the tasks taking turns, so that a busy moment hits all alike."""
    seconds: list[list[float]] = [[] for _ in tasks]
    for _ in range(repeats):
        for task, times in zip(tasks, seconds, strict=True):
            start = time.perf_counter()
            task()
            times.append(time.perf_counter() - start)
    return [median(times) for times in seconds]


def _measure_peak(what: str, deck: Path) -> float:
    """The peak resident memory, in MiB, of a process that does this alone."""
    command = [sys.executable, __file__, "--peak", what, "--deck", str(deck)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _report_own_peak(what: str, data: bytes) -> None:
    {"parse": _parse_and_validate, "read": _read, "nothing": len}[what](data)
    status = Path("/proc/self/status")  # the rusage of a Linux process counts its parent's memory before exec as well
    if status.exists():
        kibibytes = int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
    else:
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    print(kibibytes / 1024)


def _run(cards: int, repeats: int, seed: int) -> None:
    data, texts = make_deck(cards, seed)
    sources = {source.id: source for text in texts if isinstance(source := read_source(text, "source.md"), Source)}
    file = _read(data)
    problems = check_decks([file], sources)
    print(f"{cards:,} cards, {len(data) / 1e6:.1f} MB; the checks report {len(problems):,} times")
    tasks = {
        "libyaml (CSafeLoader) + pydantic": lambda: _parse_and_validate(data),
        "read_deck": lambda: _read(data),
        "check_decks alone": lambda: check_decks([file], sources),
        "read_deck + check_decks": lambda: check_decks([_read(data)], sources),
    }
    seconds = _time(list(tasks.values()), repeats)
    for name, taken in zip(tasks, seconds, strict=True):
        print(f"{name:34}{taken:7.2f} s {taken / seconds[0]:6.2f} of libyaml + pydantic")
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder) / "deck.yaml"
        deck.write_bytes(data)
        for what, name in (("nothing", "imports and file alone"), ("parse", next(iter(tasks))), ("read", "read_deck")):
            print(f"peak memory, {name:34}{_measure_peak(what, deck):6.0f} MiB")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peak", choices=["nothing", "parse", "read"], help=argparse.SUPPRESS)
    parser.add_argument("--deck", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        _report_own_peak(arguments.peak, arguments.deck.read_bytes())
    else:
        _run(arguments.cards, arguments.repeats, arguments.seed)


if __name__ == "__main__":
    main()
