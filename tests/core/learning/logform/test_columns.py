import pytest

from quizapp.core.learning.logform.columns import Columns, count_known, find_columns, guess_names
from quizapp.core.learning.logform.fault import BrokenLog

ANKI_CONNECT = "reviewTime,cardID,usn,buttonPressed,newInterval,previousInterval,newFactor,reviewDuration,reviewType"


@pytest.mark.parametrize(
    ("names", "places"),
    [
        ("card_id,review_time,review_rating,review_duration", (0, 1, 2, 3)),
        ("Card ID,Review Time,Review Rating", (0, 1, 2, None)),
        ("id,cid,usn,ease,ivl,lastIvl,factor,time,type", (1, 0, 3, 7)),
        (ANKI_CONNECT, (1, 0, 3, 7)),
        ("card_id,rating,review_datetime,review_duration", (0, 2, 1, 3)),
        ("id,card,time,rating", (1, 2, 3, None)),
        ("timestamp,user,item,grade", (2, 0, 3, None)),
    ],
)
def test_the_columns_of_usual_logs_are_known(names: str, places: tuple[int | None, ...]):
    found = find_columns(1, names.split(","))
    assert (found.card, found.time, found.rating, found.duration) == places


def test_only_ankis_logs_tell_what_kind_a_review_is():
    assert find_columns(1, ["id", "cid", "ease", "factor", "type"]) == Columns(
        1, 0, 2, kind=4, factor=3, has_others=True
    )
    assert find_columns(1, ["card", "time", "rating", "type"]) == Columns(0, 1, 2)


def test_what_is_missing_is_named_and_days_alone_are_not_enough():
    with pytest.raises(BrokenLog) as broken:
        find_columns(3, ["card_id", "rating", "elapsed_days"])
    assert "review_time" in broken.value.fault.message
    assert "not enough" in broken.value.fault.fix
    with pytest.raises(BrokenLog) as broken:
        find_columns(3, ["a", "b"])
    assert "card_id, review_time, review_rating" in broken.value.fault.message


def test_a_table_without_names_is_known_by_how_many_columns_it_has():
    assert guess_names(["a", "1795348800000", "3"])[0] == "card_id"
    assert guess_names(["1795348800000", "7", "-1", "3", "4", "", "0", "0", "1"])[0] == "id"
    assert guess_names(["card", "time", "3"]) == ()
    assert guess_names(["1", "2"]) == ()


def test_known_names_are_counted():
    assert count_known(["Card-ID", "ivl", "colour"]) == 2
