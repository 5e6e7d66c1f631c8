"""The forms about what is kept of people."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.web.forms import PageForm

_PASSWORD = Length(max=1000)


class DownloadForm(PageForm):
    """Download all; a guest has no password."""

    password = PasswordField(_l("Password"), [_PASSWORD])


class DeleteForm(PageForm):
    """Ask to be deleted."""

    current = PasswordField(_l("Password"), [_PASSWORD])
    sure = BooleanField(_l("Sure"), [InputRequired(_l("Tick the box, so that nobody is deleted by mistake."))])


class EraseForm(PageForm):
    """Delete somebody at once, as an administrator."""

    name = StringField(_l("Name"), [InputRequired(_l("Enter the name.")), Length(max=200)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your own password.")), _PASSWORD])
    sure = BooleanField(_l("Sure"), [InputRequired(_l("Tick the box, so that nobody is deleted by mistake."))])
