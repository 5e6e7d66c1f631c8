"""What is taught. It belongs to the school and stays; who wrote it is taken out when they are deleted."""

SCHOOL = """
source - -: A text that decks cite.
    id t - Its name.
    title c - Its title.
    language c - Its language.
    kind c - Its kind.
    author c - Who wrote it, as the text's own head says.
    published c - When it was published.
    url c - Where it was published.
    license c - Under what terms.
    original_file c - The file of the original.
    original_sha256 t - A fingerprint of the original.
    digest t - A fingerprint.
    loaded_at t - When it was loaded.

source_block - -: A paragraph or heading of a text.
    source_id t - The text.
    position t - Its place.
    kind t - What it is.
    level t - The level of a heading.
    number t - The number of a paragraph.
    text c - The words.

text - -: Who brought a text in the browser.
    source_id t - The text.
    owner_id d/null - Who brought it.
    file c - The name of its file.
    added_at t - When.
    changed_at t - When it was last changed.

rested_card - -: A card that rests because its quote was lost.
    card_id t - The card.
    source_id t - The text.
    since t - Since when.

deck - -: A deck.
    id t - A number inside the database.
    slug t - Its name.
    title c - Its title.
    description c - What it is about.
    language c - Its language.
    theme c - Its theme.
    author c - Who wrote it, as the deck's own head says.
    license c - Under what terms.
    tags c - Its tags.
    sources c - The texts it cites.
    digest t - A fingerprint.
    cards t - How many cards it has.
    fit_id t - Its settings of the memory model.
    loaded_at t - When it was loaded.

deck_file - -: The file of a deck.
    deck_id t - The deck.
    packed c - The file.

card - -: A card.
    id t - A number inside the database.
    deck_id t - The deck.
    slug t - Its name.
    position t - Its place.
    revision t - Which wording counts.
    retired_at t - Since when it is not asked any more.

card_revision - -: A wording of a card.
    id t - A number inside the database.
    card_id t - The card.
    number t - Counted from 1.
    format t - How it is written.
    type c - Its kind.
    digest t - A fingerprint.
    body c - The words.
    created_at t - When.

citation - -: The passage that proves an answer.
    revision_id t - The wording of the card.
    position t - Its place.
    source_id t - The text.
    paragraph c - The paragraph.
    quote c - The words.

sibling - -: Two cards about the same passage.
    card_id t - The one.
    sibling_id t - The other.
    source_id t - The text.

medium - -: A picture or sound.
    digest t - A fingerprint.
    media_type t - Its kind.
    width t - Its width.
    height t - Its height.
    size t - Its size.
    data c - The picture or sound.

deck_medium - -: What a deck calls a picture or sound.
    deck_slug t - The deck.
    name c - What it is called.
    digest t - The picture or sound.
    origin t - A fingerprint of the file as it came.
    added_at t - When.

former_medium - -: A picture or sound that a deck showed before.
    id t - A number inside the database.
    deck_slug t - The deck.
    name c - What it was called.
    digest t - The picture or sound.
    origin t - A fingerprint of the file as it came.
    added_at t - When it came.
    replaced_at t - Until when it was shown.

draft - -: A deck that is written in the browser.
    id t - A number inside the database.
    slug t - Its name.
    title c - Its title.
    version t - How often it was saved.
    cards t - How many cards it has.
    published t - Which save students study.
    created_at t - When it was begun.
    saved_at t - When it was last saved.
    handed_back_at t - When it was handed back to its folder.

draft_editor account drafts: The decks you write.
    draft_id d draft The deck.
    account_id d - Whose it is.
    added_at d since Since when.

draft_version - -: A save of a draft.
    draft_id t - The draft.
    number t - Counted from 1.
    base t - What it is written against.
    packed c - The words.
    digest t - A fingerprint.
    what t - What was done.
    cards t - To which cards.
    by_account_id d/null - Who saved it.
    by_name p/blank - What they were called.
    saved_at t - When.
    published_at t - When students got it.

regrade - -: What was decided about old answers when a card was put right.
    id t - A number inside the database.
    card_id t - The card.
    revision t - Which wording.
    again t - Whether they were graded again.
    changed t - How many changed.
    by_account_id d/null - Who decided.
    by_name p/blank - What they were called.
    at t - When.

suggestion_mark - -: A suggested card that was left or taken.
    draft_id t - The draft.
    source_id t - The text.
    key t - Which one.
    state t - What was done.
    at t - When.

model_suggestion - -: A card that a language model suggested.
    draft_id t - The draft.
    source_id t - The text.
    key t - Which one.
    kind t - Its kind.
    paragraph t - The paragraph.
    body c - The words.
    asked_at t - When.

assessment - -: A test that a teacher set.
    id t - A number inside the database.
    handle t - Its name in addresses.
    owner_id d/null - Who set it.
    class_id t - For which class.
    by_link t - Whether a link is enough.
    holds t - Whether its cards stay out of study.
    title c - What it is called.
    plan c - What it asks.
    opens_at t - When it opens.
    due_at t - When it is due.
    closes_at t - When it closes.
    version t - How often it was changed.
    created_at t - When it was made.
    changed_at t - When it was last changed.
    published_at t - Since when students see it.

assessment_card - -: A card that a test may ask.
    assessment_id t - The test.
    card_id t - The card.

scheduling - -: Settings of the memory model under the name that answers have them by.
    model t - The name.
    settings t - The settings.

report_piece - -: A piece of a long report of a class; it goes as soon as a person in it is deleted.
    file_id t - Of which file.
    batch t - In which attempt it was made.
    number t - Its place.
    packed d - What it holds.

erased - -: Who was deleted, unreadable: a restored backup is known by it, and they are deleted again.
    digest t - A fingerprint of a random name that nobody has any more.
    erased_at t - When.
"""
