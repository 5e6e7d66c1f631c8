"""Answers cards in a new collection of Anki, a chunk for each line on standard input: a child of benchmarks/memory.py.

    .venv-bench/bin/python benchmarks/peers/anki_answers.py FOLDER NOTES

Says ``ready``, then for each number of answers read the seconds that they took, without the finding of the next card.
"""

import sys
import time
from pathlib import Path

from anki.collection import Collection


def _open(folder: Path, notes: int) -> Collection:
    collection = Collection(str(folder / "collection.anki2"))
    collection.db.execute("pragma synchronous = full")
    assert collection.db.scalar("pragma synchronous") == 2
    collection.set_config("fsrs", True)
    limits = collection.decks.config_dict_for_deck_id(1)
    limits["new"]["perDay"] = limits["rev"]["perDay"] = 9_999
    collection.decks.update_config(limits)
    kind = collection.models.by_name("Basic")
    for number in range(notes):
        note = collection.new_note(kind)
        note.fields = [f"What is asked by number {number}?", "heron"]
        collection.add_note(note, 1)
    return collection


def _answer(collection: Collection) -> float:
    queued = collection.sched.get_queued_cards().cards[0]
    card = collection.get_card(queued.card.id)
    card.start_timer()
    answer = collection.sched.build_answer(card=card, states=queued.states, rating=2)
    start = time.perf_counter()
    collection.sched.answer_card(answer)
    return time.perf_counter() - start


def main() -> None:
    collection = _open(Path(sys.argv[1]), int(sys.argv[2]))
    print("ready", flush=True)
    for line in sys.stdin:
        print(sum(_answer(collection) for _ in range(int(line))), flush=True)
    collection.close()


if __name__ == "__main__":
    main()
