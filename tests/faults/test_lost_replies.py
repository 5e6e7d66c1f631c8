"""Replies get lost on the way, and the clients send again with the same key: each answer is there once."""

from collections.abc import Callable
from contextlib import closing

from plumbing.answer_key import Entry
from plumbing.ledger import answering, choose, compare, prove_states, tell, wait_for_answers
from plumbing.lossy_proxy import LossyProxy
from plumbing.server import LiveServer

ANSWERS = choose(short=100, long=20_000)
STEP = 50
"""So many at a time are waited for: how long all of them take is not the question."""


def test_answers_whose_replies_were_lost_are_there_once(
    live_server: Callable[..., LiveServer], entries: list[Entry]
) -> None:
    server = live_server()
    with closing(LossyProxy(server.port)) as proxy:
        with answering(server, entries, through=proxy) as clients:
            for _ in range(ANSWERS // STEP):
                wait_for_answers(clients, STEP)
        assert proxy.lost >= ANSWERS // 2
    assert clients.resent >= ANSWERS // 2
    server.kill()
    stored = compare(server.data_dir, clients.told, clients.asked)
    assert stored >= clients.acknowledged
    prove_states(server.data_dir)
    tell("R8 lost replies", replies_lost=proxy.lost, acknowledged=clients.acknowledged, stored=stored, lost=0)
