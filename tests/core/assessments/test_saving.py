"""Which of several saves counts."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.assessments.saving import MOST_CLIENTS, Stamp, is_new, note, read_clients, write_clients

stamps = st.builds(Stamp, st.sampled_from(["tab-one", "tab-two"]), st.integers(1, 9), st.just(0))


def test_the_first_save_of_a_tab_is_new_and_the_same_again_is_not() -> None:
    stamp = Stamp("tab-one", 1, 0)
    assert is_new({}, stamp)
    assert not is_new(note({}, stamp), stamp)
    assert is_new(note({}, stamp), Stamp("tab-one", 2, 0))
    assert is_new(note({}, stamp), Stamp("tab-two", 1, 0))


@given(st.lists(stamps))
def test_however_saves_arrive_none_counts_after_a_newer_one_of_its_tab(arriving: list[Stamp]) -> None:
    clients: dict[str, int] = {}
    taken: list[Stamp] = []
    for stamp in arriving:
        if is_new(clients, stamp):
            clients = read_clients(write_clients(note(clients, stamp)))
            taken.append(stamp)
    for client in ("tab-one", "tab-two"):
        counters = [stamp.counter for stamp in taken if stamp.client == client]
        assert counters == sorted(set(counters))


def test_the_last_tab_stands_last_and_the_oldest_are_forgotten() -> None:
    clients: dict[str, int] = {}
    for number in range(MOST_CLIENTS + 5):
        clients = note(clients, Stamp(f"tab-{number}", 1, 0))
    assert len(clients) == MOST_CLIENTS
    assert list(clients)[-1] == f"tab-{MOST_CLIENTS + 4}"
    assert list(note(clients, Stamp("tab-20", 2, 0)))[-1] == "tab-20"


def test_nothing_written_is_nothing_known() -> None:
    assert read_clients("") == {}
    assert read_clients("{}") == {}
