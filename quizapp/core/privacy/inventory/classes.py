"""Classes, and what stands in them about a student."""

CLASSES = """
class - -: A class. It belongs to the school.
    id t - A number inside the database.
    handle t - Its name in addresses.
    name c - What it is called.
    pseudonymous t - Whether names are hidden.
    created_at t - When it was made.
    archived_at t - When it was put away.

class_teacher account classes_taught: The classes you teach.
    class_id d class The class.
    account_id d - Whose it is.
    added_at d since Since when.

class_member learner classes: The classes you are or were in, and what the school's list says of you.
    class_id d class The class.
    learner_id d - Whose it is.
    pseudonym d pseudonym The name that stands in for yours.
    external_id p school_number Your number in the school's list.
    first_name p first_name Your first name there.
    last_name p last_name Your last name there.
    email p email Your e-mail address there.
    joined_at d joined Since when you are in it.
    left_at d left When you left it, if you did.

class_request learner class_requests: Classes that you asked to join.
    class_id d class The class.
    learner_id d - Whose it is.
    name p name What you called yourself.
    asked_at d asked When.

class_invite - -: The open ways into a class.
    class_id t - The class.
    kind t - A link or a short code.
    nonce s - What it is made from.
    code_hash s - The code, made unreadable.
    created_at t - When it was made.
    expires_at t - Until when it is good.

class_group - -: A group within a class.
    id t - A number inside the database.
    class_id t - The class.
    handle t - Its name in addresses.
    name c - What it is called.
    name_key c - The same in small letters.

class_group_member learner groups: The groups you are in.
    group_id d group The group.
    learner_id d - Whose it is.

accommodation learner extra_time: How much time you get in tests.
    learner_id d - Whose it is.
    time_percent p percent In percent of what others get.
    set_by d/null - Which teacher set it.
    set_at d set When.

assessment_exception learner test_exceptions: What a test is like for you alone.
    learner_id d - Whose it is.
    assessment_id d test The test.
    extra_attempts p extra_attempts How many more attempts you get.
    opens_at p opens When it opens for you.
    due_at p due When it is due for you.
    closes_at p closes When it closes for you.
    set_by d/null - Which teacher set it.
    set_at d set When.

dismissed_sign learner dismissed_signs: Signs that you may need help, which a teacher has seen to.
    class_id d class The class.
    learner_id d - Whose it is.
    sign d sign What the sign was.
    dismissed_at d at When.
    by_account_id d/null - Which teacher.

assignment - -: What a class is to study until a date, or to sit.
    id t - A number inside the database.
    handle t - Its name in addresses.
    class_id t - The class.
    assessment_id t - The test to sit.
    title c - What it is called.
    instructions c - What is said about it.
    scope c - What is to be studied.
    for_class t - Whether all students of the class are asked.
    opens_at t - When it opens.
    due_at t - When it is due.
    closes_at t - When it closes.
    version t - How often it was changed.
    created_at t - When it was made.
    changed_at t - When it was last changed.

assignment_card - -: A card to study.
    assignment_id t - The assignment.
    card_id t - The card.

assignment_group - -: A group whose students are asked.
    assignment_id t - The assignment.
    name c - What the group is called.
    group_id t - The group.

assignment_student learner assignments: What is different for you alone in an assignment of your class.
    learner_id d - Whose it is.
    assignment_id d assignment The assignment.
    named p named Whether you were named singly.
    excused p excused Whether you need not do it.
    opens_at p opens When it opens for you.
    due_at p due When it is due for you.
    closes_at p closes When it closes for you.
    changed_at d changed When a teacher last changed this.

assignment_change learner assignment_changes: What your teachers changed of an assignment for you alone.
    id t - A number inside the database.
    assignment_id d assignment The assignment.
    learner_id d - Whose it is; nobody's where it was changed for all.
    by_account_id d/null - Which teacher.
    at d at When.
    changes p changes What was changed, as JSON.

calendar_feed learner calendar: That you made an address for your calendar. The address itself is a secret and left out.
    learner_id d - Whose it is.
    nonce s - What it is made from.
    token_hash s - The secret, made unreadable.
    created_at d made When.

fit learner memory_models: The settings of the memory model, where they were made from your answers alone.
    id t - A number inside the database.
    scope t - Whether it was made for a learner, a class or a deck.
    subject_id d - For whom or what, by number.
    outcome d outcome Whether it is in use (kept).
    parameters d parameters The settings, as JSON.
    prior d start_values What was known of the cards beforehand, as JSON.
    reviews d answers From how many answers.
    held_out d held_out Against how many later answers it was checked.
    log_loss d log_loss How far off it was.
    log_loss_before d log_loss_before How far off the earlier settings were.
    log_loss_average d log_loss_average How far off a plain average was.
    created_at d made When.
"""
