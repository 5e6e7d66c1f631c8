"""What somebody answered, and what was made of it."""

ANSWERS = """
review learner answers: Every answer you gave in study.
    learner_id d - Whose it is.
    key t key A number of its own that your browser gave the answer.
    seq d number Your answers are counted from 1.
    deck_id d deck The deck.
    card_id d card The card.
    revision_id d revision Which wording of the card it was, and what it asked.
    answered_at d answered When you answered.
    study_day d study_day The day it counts for.
    response p response What you answered, as JSON.
    body_digest t - A fingerprint of what your browser sent.
    score d score How much of it was right, from 0 to 1.
    verdict d verdict How it was graded.
    rating d rating How well you knew it, from 1 (again) to 4 (easy).
    hint_used d hint_used Whether you looked at the hint.
    confidence d confidence How sure you were, from 1 to 3, if you said so.
    shown_ms d milliseconds How long the question was on your screen.
    model t model Which settings of the memory model counted.
    phase_before d phase_before Where the card stood before: new, learning, review or relearning.
    interval_before d interval_before The days between the last answer and the day it was due.
    state_before d memory_before What the memory model held of the card before, as JSON.
    state_after d memory_after The same after it.
    undone_at d taken_back When you took the answer back, if you did.

card_state learner states: What the memory model holds of each card for you, worked out from your answers.
    learner_id d - Whose it is.
    card_id d card The card.
    deck_id d deck The deck.
    queue t queue Where the card waits: 0 in its first steps, 1 for review, 2 nowhere.
    phase d phase How far you are with it.
    step d step Which of the first steps.
    stability d stability_days After so many days you would remember it with 90 percent.
    difficulty d difficulty From 1 (easy) to 10 (hard).
    due d due When it comes back.
    last_review d last_answer When you last answered it.
    reps d answers How often you answered it.
    lapses d lapses How often you had forgotten it.

deck_progress learner deck_progress: How far you are in each deck.
    learner_id d - Whose it is.
    deck_id d deck The deck.
    seen d seen How many of its cards you met.
    frontier t - Where the next new card is.

due_count learner -: A count of the file states, to be quick; it says nothing more.
    learner_id d - Whose it is.
    due d - A day.
    deck_id d - The deck.
    cards d - How many cards.

reschedule learner reschedules: When waiting cards were moved to other days, not by an answer.
    learner_id d - Whose it is.
    number d number Counted from 1.
    reason d reason Why.
    created_at d at When.
    undone_at d undone When it was undone, if it was.

rescheduled_card learner rescheduled_cards: The cards that were moved then.
    learner_id d - Whose it is.
    number d number The number in the file reschedules.
    card_id d card The card.
    reps d answers How often it had been answered.
    last_review d last_answer When it had last been answered.
    due_before d due_before When it was due before.
    due_after d due_after When it was due then.

claim learner claims: What you told your teachers about a card. Their reply is theirs: read it under “My claims”.
    learner_id d - Whose it is.
    review_key t answer The key of the answer, in the file answers.
    kind d kind Whether you said that you were right (right), or left a note (note).
    handle t - Its name in addresses.
    card_id d card The card.
    revision_id d revision Which wording of the card it was, and what it asked.
    text p text What you wrote.
    made_at d made When.
    settled_at d settled When a teacher decided.
    settled_by d/null - Which teacher.
    outcome d outcome What was decided.
    reply p - What the teacher replied.
    verdict_before d verdict_before How the answer was graded before.
    score_before d score_before How much of it was right before.
    rating_before d rating_before How it was rated before.

regraded_answer learner regraded_answers: Answers of yours that were graded again because a card was put right.
    learner_id d - Whose it is.
    review_key t answer The key of the answer, in the file answers.
    regrade_id t - The teacher's decision.
    revision_before t - Which wording of the card counted before.
    verdict_before d verdict_before How it was graded before.
    score_before d score_before How much of it was right before.
    rating_before d rating_before How it was rated before.
    verdict_after d verdict_after How it is graded since.
    score_after d score_after How much of it is right since.
    rating_after d rating_after How it is rated since.

practice learner practice_rounds: The rounds of practice you began.
    learner_id d - Whose it is.
    handle t round Its name in addresses.
    choice p choice What you asked for, as JSON.
    revisions t - The cards drawn.
    started_at d started When it began.
    ended_at d ended When it ended.

practice_answer learner practice_answers: Every answer you gave in practice.
    learner_id d - Whose it is.
    key t key A number of its own that your browser gave the answer.
    handle t round The round.
    place d place The card's place in the round, from 0.
    card_id d card The card.
    revision_id d revision Which wording of the card it was, and what it asked.
    answered_at d answered When you answered.
    response p response What you answered, as JSON.
    body_digest t - A fingerprint of what your browser sent.
    score d score How much of it was right, from 0 to 1.
    verdict d verdict How it was graded.
    rating d rating How well you knew it, from 1 to 4.
    hint_used d hint_used Whether you looked at the hint.
    confidence d confidence How sure you were, from 1 to 3, if you said so.
    shown_ms d milliseconds How long the question was on your screen.

attempt learner tests: Your attempts at tests.
    learner_id d - Whose it is.
    handle t attempt The attempt's name in addresses.
    assessment_id d test The test.
    number d number Your attempts at a test are counted from 1.
    seed s - What the questions were drawn with.
    started_at d started When you began.
    ended_at d ended When it ended.
    end_reason d end_reason Why it ended: handed in, time over, test closed.
    late d late Whether it was late.
    points d points Your points. Blank while the test keeps them back.
    most_points d most_points The points there were.
    counted_at d counted When the answers went into the file answers.

attempt_question learner test_answers: The questions of these attempts and your answers.
    learner_id d - Whose it is.
    attempt t attempt The attempt, in the file tests.
    position d position The question's place, from 0.
    card_id d card The card.
    revision_id d revision Which wording of the card it was, and what it asked.
    asked t - What the page showed.
    typed p typed What stood in the fields, as JSON.
    response p response What you answered, as JSON.
    confidence d confidence How sure you were, from 1 to 3, if you said so.
    version t - How often it was saved.
    clients t - Which tabs saved it.
    saved_at d saved When your answer was last saved.
    settled_at d settled When it was checked, in a test that says so at once.
    score d score How much of it was right, from 0 to 1. Blank while the test keeps it back.
    verdict d verdict How it was graded. Blank while the test keeps it back.

exam_plan learner plans: Your own plans towards exams. Plans of a class belong to the class.
    id t - A number inside the database.
    handle t plan Its name in addresses.
    learner_id d - Whose it is.
    class_id t - Whose it is where it is a plan of a class.
    title p title What you called it.
    day d exam_day The day of the exam.
    scope p scope What is to be known by then, as JSON.
    recall d recall How much of it, as a share.
    minutes_per_day d minutes_per_day How much time a day.
    new_per_day d new_per_day How many new cards a day at most.
    version t version How often it was changed.
    planned_from d planned_from The day since when it holds as it is.
    created_at d made When it was made.

exam_forecast learner plan_forecasts: What your plans, and those of your classes, come to for you.
    learner_id d - Whose it is.
    plan_id d plan The plan.
    version t - Which version of the plan.
    first_day d first_day The day it was first worked out.
    first d first_plan What was planned then for each day, as JSON.
    day d day The day it was last worked out.
    digest t - What it was worked out from.
    outline d outline What is planned, as JSON.
    advice d advice What was advised, as JSON.
    start_by d start_by The last day on which beginning was early enough.
    lost_since d lost_since Since when the goal cannot be reached any more.
"""
