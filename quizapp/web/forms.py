"""The forms of the pages. What they cannot know (is the name taken?) the services say; it lands in the same place."""

from functools import cache

from babel.support import NullTranslations, Translations
from flask import g, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from wtforms import HiddenField, PasswordField, StringField
from wtforms.csrf.core import CSRF
from wtforms.fields import Field
from wtforms.i18n import messages_path
from wtforms.validators import InputRequired, Length

from quizapp.core.errors import Invalid
from quizapp.web.locales import locale
from quizapp.web.remembering import form_tokens
from quizapp.web.text import translate


@cache
def _load_words(language: str) -> NullTranslations:
    """What WTForms says by itself, in this language; Flask-WTF would read it from the disk for every page."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class FormToken(CSRF):
    """The token against forgery in a form: that of all others on its page."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """What the hidden field holds."""
        return form_tokens().make()

    def validate_csrf_token(self, form: FlaskForm, field: Field) -> None:
        """Every request is proved before its view (``security.refuse_forgery``); this is for one that was not.

        Raises ValidationError.
        """
        if not g.get("csrf_valid"):
            validate_csrf(field.data)


class PageForm(FlaskForm):
    """What all forms are made from: fields, and the token against forgery."""

    class Meta(FlaskForm.Meta):
        """How WTForms speaks, and whose token its forms carry."""

        csrf_class = FormToken

        def get_translations(self, form: FlaskForm) -> NullTranslations:
            """Its words in the reader's language."""
            return _load_words(str(locale()))

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What a form sent, and nothing of a body of JSON, which Flask-WTF would take for one as well."""
            is_json = request.is_json and not request.form and not request.files
            return super().wrap_formdata(form, None if is_json else formdata)


def fill_errors(form: FlaskForm, error: Invalid) -> None:
    """Put what a service said about fields beside those fields; what has no field goes to the form as a whole."""
    for name, message in error.fields.items():
        field: Field | None = form._fields.get(name)
        if field is None:
            form.form_errors.append(translate(message))
        else:
            field.errors = (*field.errors, translate(message))
    if not error.fields:
        form.form_errors.append(translate(error.message))


class SignInForm(PageForm):
    """Name and password; ``carried`` holds, signed, what was typed before the sign-in ran out."""

    name = StringField(_l("Name"), [InputRequired(_l("Enter your name.")), Length(max=200)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), Length(max=1000)])
    next = HiddenField()
    carried = HiddenField()


class SignUpForm(PageForm):
    """A new account."""

    name = StringField(_l("Name"), [InputRequired(_l("Choose a name.")), Length(max=200)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Choose a password.")), Length(max=1000)])
    next = HiddenField()


class PasswordForm(PageForm):
    """A new password for an account."""

    current = PasswordField(_l("Current password"), [InputRequired(_l("Enter your current password."))])
    new = PasswordField(_l("New password"), [InputRequired(_l("Choose a new password.")), Length(max=1000)])


class ProveForm(PageForm):
    """The password of whoever is signed in, asked for again."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), Length(max=1000)])


class CodeOfAppForm(PageForm):
    """A code of the app, or a recovery code."""

    otp = StringField(_l("Code"), [InputRequired(_l("Type the code.")), Length(max=100)])


class WaitingForm(CodeOfAppForm):
    """The second step of a sign-in; ``waiting`` stands for who is at it."""

    waiting = HiddenField()
    next = HiddenField()
    carried = HiddenField()


class TurnOffForm(CodeOfAppForm):
    """Password and code, to be asked for codes no more."""

    current = PasswordField(_l("Current password"), [InputRequired(_l("Enter your current password."))])


class TokenForm(PageForm):
    """A new access token; ``proof`` is the password, for accounts that have one."""

    label = StringField(_l("What is it for?"), [InputRequired(_l("Say what the token is for.")), Length(max=200)])
    proof = PasswordField(_l("Password"), [Length(max=1000)])
