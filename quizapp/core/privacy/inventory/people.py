"""Who somebody is, how they sign in, what they chose, and what is written down about who looked."""

PEOPLE = """
learner self profile: You as somebody who studies.
    id t - A number inside the database.
    handle d learner A random name that stands for you in files and addresses.
    created_at d since When you first used this Quizapp.
    choices p choices What you chose on the page of settings, as JSON; blank where all is as the school has it.
    fit_id d - The settings of the memory model that count for you; they are in the file memory_models.

account learner account: How you sign in.
    id t - A number inside the database.
    learner_id d - To whom the account belongs.
    name p name The name you sign in with.
    name_key p - The same name in small letters, to find it.
    role p role What you may do: student, teacher or admin.
    password_hash s - Your password, made unreadable.
    created_at d since When the account was made.
    password_changed_at d password_changed When the password was last changed.

sign_in learner sign_ins: The browsers in which you are signed in. Their secrets are left out.
    token_hash s - The secret of the browser, made unreadable.
    learner_id d - Whose it is.
    account_id d - Whose account it is.
    created_at d signed_in When you signed in.
    seen_at d last_used When this browser was last here.
    expires_at d ends When the browser is signed out by itself.
    device d device The kind of browser and of system, such as firefox/android; nothing closer is kept, and no address.

access_token account access_tokens: The keys you made for programs. Their secrets are left out.
    id t - A number inside the database.
    token_hash s - The secret, made unreadable.
    account_id d - Whose it is.
    label p label What you said it is for.
    created_at d made When you made it.
    used_at d last_used When a program last used it.

second_factor account second_factor: Whether codes of an app are asked for when you sign in. The key is left out.
    account_id d - Whose it is.
    secret s - The key, encrypted.
    last_step t - The last code that was used, as a number of half minutes.
    begun_at d begun When you began to set it up.
    confirmed_at d confirmed Since when codes are asked for.

recovery_code account -: Codes that count once when the telephone is lost.
    account_id d - Whose they are.
    code_hash s - The code, made unreadable.

pending_sign_in account -: A sign-in whose code is still to come; for five minutes.
    token_hash s - The secret of the browser, made unreadable.
    account_id d - Whose it is.
    expires_at t - Until when the code is waited for.

identity account school_sign_in: The account at your school's sign-in server with which you sign in here.
    issuer p server The address of the server.
    subject p known_as What the server calls you.
    account_id d - Whose it is.
    made_account t - Whether your account here was made by it.
    created_at d since Since when you can sign in with it.
    used_at d last_used When you last signed in with it.

start_password account -: A start password that a teacher handed out.
    account_id d - Whose it is.
    nonce s - What it is made from.
    code_hash s - The start password, made unreadable.
    created_at t - When it was made.
    expires_at t - Until when it is good.

password_reset account password_resets: When a teacher made a new start password for you.
    id t - A number inside the database.
    account_id d - Whose it is.
    class_id d class In which class.
    by_account_id d/null - Which teacher.
    by_name p/blank - What the teacher is called.
    at d at When.

upload account uploads: Files of other systems that you uploaded and have not taken in yet; kept for a day at most.
    handle t - Its name in addresses.
    account_id d - Whose it is.
    name p file What the file is called.
    data p - The file itself.
    uploaded_at d uploaded When.

report_file account reports_asked: Long reports that you asked for as files; kept for a week.
    id t - A number inside the database.
    handle t - Its name in addresses.
    class_id d class Of which class.
    account_id d - Whose it is.
    kind d report Which report.
    format d format The kind of file.
    bom t - Whether it begins as one program wants it.
    sort d sort The column it is sorted by.
    language d language The language of its words.
    asked_at d asked When.
    made_at d made When it was made.
    expires_at d until How long it is kept.
    failure d failure Why it could not be made.
    sees_names t - Whether students go by name in it.
    name d file What the file is called.
    size d bytes How large it is.
    batch t - Which pieces are the file.

audit learner acts: Who looked at, took away or changed what is kept of you. Teachers are not named.
    id t - A number inside the database.
    at d at When.
    act d act What was done.
    way d way Where from: a page, a program (api), the command line of the server.
    detail d detail The kind of report, for instance.
    format d format The kind of file.
    class_id d/null class In which class.
    learner_id d/null - Whose data it was.
    pupil_code d - Stands for whose data it was once they are deleted.
    by_account_id d/null - Who did it.
    by_role d by_whom Who did it: you, a teacher, an administrator, the school.
    by_code d - Stands for who did it once they are deleted.

erasure_request learner deletion: That you asked to be deleted.
    learner_id d - Whose it is.
    asked_at d asked When you asked.
    due_at d due From when on it is done.

last_seen learner last_seen: When you were last here, written down once a day.
    learner_id d - Whose it is.
    at d at When.

anonymous_learner learner -: Marks a learner that is nobody.
    learner_id t - The learner.
    class_id t - Whose figures it belongs to.

privacy_choice - -: How long the school keeps things.
    name t - What.
    value t - For how many days, for instance.

setup_link - -: The link that makes the first teacher.
    token_hash s - The secret, made unreadable.
    created_at t - When it was made.
    expires_at t - Until when it is good.

throttle - -: How often something was tried lately, under a fingerprint that goes after the time the school set.
    key d - A fingerprint of what was tried; no name or address stands in it.
    level t - How often.
    updated_at t - When.

job - -: Work that waits. Work for a person who is deleted goes with the person.
    id t - A number inside the database.
    kind t - What is to be done.
    subject d/row - For whom or what, by number.
    payload t - More about it.
    state t - How far it is.
    attempts t - How often it was tried.
    created_at t - When it was asked for.
    alive_at t - When it last gave a sign of life.
    ended_at t - When it ended.
    result t - What came of it.
"""
