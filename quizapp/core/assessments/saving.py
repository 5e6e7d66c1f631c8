"""Which of several saves of one answer counts.

Each tab numbers its saves of a question. A save that comes late or twice is known by its number and changes nothing;
between tabs, the newest by the order in which the server took them counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

MOST_CLIENTS = 40
"""How many tabs are remembered for one question; the oldest is forgotten."""
LARGEST_COUNTER = 2**31


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a save carries: the tab, its number within the tab, and the version that the tab knew of."""

    client: str
    counter: int
    base: int


def read_clients(text: str) -> dict[str, int]:
    """The highest counter of each tab, oldest tab first, as ``write_clients`` wrote it."""
    return {str(client): int(counter) for client, counter in json.loads(text or "{}").items()}


def write_clients(clients: Mapping[str, int]) -> str:
    """The counters as JSON."""
    return json.dumps(dict(clients), separators=(",", ":"))


def is_new(clients: Mapping[str, int], stamp: Stamp) -> bool:
    """Whether a save is neither late nor a repeat."""
    return stamp.counter > clients.get(stamp.client, 0)


def note(clients: Mapping[str, int], stamp: Stamp) -> dict[str, int]:
    """The counters after a save that counts."""
    others = {client: counter for client, counter in clients.items() if client != stamp.client}
    kept = list(others.items())[-(MOST_CLIENTS - 1) :]
    return {**dict(kept), stamp.client: stamp.counter}
