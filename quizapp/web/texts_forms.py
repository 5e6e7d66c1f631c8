"""The forms of the texts' pages."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, StringField, TextAreaField

from quizapp.core.source.importing.reading import FORMS, Form
from quizapp.services.texts import TextFields
from quizapp.web.forms import PageForm

PASTED_FORMS = [
    ("", _l("Find out")),
    ("plain", _l("Plain text")),
    ("markdown", _l("Markdown")),
    ("html", _l("HTML")),
]


class BringForm(PageForm):
    """A text from elsewhere: a file, or what was pasted."""

    file = FileField(_l("File"))
    pasted = TextAreaField(_l("Or paste the text"))
    form = StringField()


class TextForm(PageForm):
    """A text as it will be kept; ``name`` is the file it came from, ``seen`` the digest of the text it replaces."""

    title = StringField(_l("Title"))
    language = StringField(_l("Language"))
    author = StringField(_l("Author"))
    published = StringField(_l("Published"))
    url = StringField(_l("Address on the web"))
    license = StringField(_l("Licence"))
    body = TextAreaField(_l("Text"))
    name = HiddenField()
    seen = HiddenField()

    def read(self) -> TextFields:
        """What was typed."""
        return TextFields(
            title=self.title.data or "",
            language=self.language.data or "",
            body=self.body.data or "",
            author=self.author.data or "",
            published=self.published.data or "",
            url=self.url.data or "",
            license=self.license.data or "",
        )


def make_form(given: TextFields, name: str = "", seen: str = "") -> TextForm:
    """The form filled with a text."""
    return TextForm(
        formdata=None,
        data={
            "title": given.title,
            "language": given.language,
            "body": given.body,
            "author": given.author,
            "published": given.published,
            "url": given.url,
            "license": given.license,
            "name": name,
            "seen": seen,
        },
    )


def read_upload() -> tuple[bytes, str, Form]:
    """What was brought: its bytes, the name of the file (blank where it was pasted), and what it is said to be."""
    upload = request.files.get("file")
    if upload and upload.filename:
        return upload.read(), upload.filename, ""
    said = request.form.get("form", "")
    form: Form = next((form for form in FORMS if form == said), "")
    return request.form.get("pasted", "").encode("utf-8", "replace"), "", form
