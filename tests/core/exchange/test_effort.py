from quizapp.core.exchange.effort import LONGEST_TEXT, Effort


def test_a_text_is_cut_where_no_card_goes() -> None:
    assert len(Effort().cut("a" * (LONGEST_TEXT + 1))) == LONGEST_TEXT


def test_questions_tags_and_carried_lines_use_it_up() -> None:
    effort = Effort(1_900)
    assert effort.start()
    effort.cut("<b>a</b>")
    effort.recall(2)
    assert effort.start() is False


def test_some_thousand_questions_can_be_read() -> None:
    effort = Effort()
    for _ in range(4_000):
        assert effort.start()
        for _ in range(5):
            effort.cut("<p>" + "a" * 100 + "</p>")


def test_marks_cost_more_than_letters_so_that_crowds_of_them_are_refused() -> None:
    for mark in ("<b>x</b>", "\\(x\\)", "[sound:a.mp3]", "*_`[", "&amp;"):
        effort, texts = Effort(), 0
        while effort.start():
            effort.cut(mark * (LONGEST_TEXT // len(mark)))
            texts += 1
        assert texts < 35, mark
