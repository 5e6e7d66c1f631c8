"""The forms of the classes' pages."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from quizapp.web.forms import PageForm

LASTS = [("hour", _l("1 hour")), ("day", _l("1 day")), ("week", _l("1 week")), ("month", _l("30 days"))]


class ClassForm(PageForm):
    """The name of a class, and whether its students go by pseudonyms."""

    name = StringField(_l("Name of the class"), [Length(max=200)])
    pseudonymous = BooleanField(_l("Pseudonyms"))


class NameForm(PageForm):
    """A name: of a group, of another teacher, of a guest who joins."""

    name = StringField(_l("Name"), [Length(max=200)])


class InviteForm(PageForm):
    """A new way into the class."""

    kind = HiddenField()
    lasts = HiddenField()


class CodeForm(PageForm):
    """A code to join a class."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the code.")), Length(max=200)])


class ImportForm(PageForm):
    """A list of students: a file, or pasted lines; ``chosen`` is the class of an archive of several."""

    file = FileField(_l("File"))
    pasted = TextAreaField(_l("Or paste the list"))
    chosen = HiddenField()


class StudentForm(PageForm):
    """What is known of a student."""

    first_name = StringField(_l("First name"), [Length(max=400)])
    last_name = StringField(_l("Last name"), [Length(max=400)])
    email = StringField(_l("E-mail"), [Length(max=400)])
    external_id = StringField(_l("Number at the school"), [Length(max=400)])


class StartForm(PageForm):
    """A password of one's own in the place of a start password; ``carried`` as in a sign-in's form."""

    name = HiddenField()
    password = HiddenField()
    new = PasswordField(_l("New password"), [InputRequired(_l("Choose a password.")), Length(max=1000)])
    next = HiddenField()
    carried = HiddenField()
