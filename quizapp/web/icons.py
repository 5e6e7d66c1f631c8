"""Icons, drawn here, 24 by 24, in the colour of the text beside them. They say nothing that the words do not say."""

from functools import cache

from flask import Flask
from markupsafe import Markup

from quizapp.web.templating import SpeakingEnvironment

_PATHS = {
    "right": '<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/>',
    "almost": (
        '<circle cx="12" cy="12" r="10"/>'
        '<path d="M6.5 10.5c2-2 3.5-2 5.5-.5s3.5 1.5 5.5-.5M6.5 15c2-2 3.5-2 5.5-.5s3.5 1.5 5.5-.5"/>'
    ),
    "partly": '<circle cx="12" cy="12" r="10"/><path d="M12 2a10 10 0 0 1 0 20z" fill="currentColor"/>',
    "not-yet": '<path d="M20.5 12a8.5 8.5 0 1 1-2.7-6.200M20.5 2.5v4.5H16"/>',
    "done": '<path d="M4 20V4m0 1h13l-2.5 4.5L17 14H4"/>',
    "hint": '<path d="M9 18h6m-5 3h4M8 14a6 6 0 1 1 8 0c-.7.6-1 1.200-1 2H9c0-.8-.3-1.400-1-2z"/>',
    "note": '<path d="m4 20 1-4L16.5 4.5a2 2 0 0 1 3 3L8 19zM14 7l3 3"/>',
    "undo": '<path d="M8 5 3.5 9.5 8 14M4 9.5h10a5.5 5.5 0 0 1 0 11H9"/>',
    "back": '<path d="m14.5 5-7 7 7 7"/>',
    "forward": '<path d="m9.5 5 7 7-7 7"/>',
    "up": '<path d="m5 14.5 7-7 7 7"/>',
    "down": '<path d="m5 9.5 7 7 7-7"/>',
    "grip": '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" stroke-width="3"/>',
    "keys": (
        '<rect x="2" y="5.5" width="20" height="13" rx="2"/>'
        '<path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M7.5 14.5h9"/>'
    ),
    "text": '<path d="M12 6c-2-1.5-4.5-2-9-2v14.5c4.5 0 7 .5 9 2 2-1.5 4.5-2 9-2V4c-4.5 0-7 .5-9 2zm0 0v14.5"/>',
    "close": '<path d="m5.5 5.5 13 13m0-13-13 13"/>',
    "alert": '<path d="M12 3 1.5 21h21zM12 10v5m0 3v.01"/>',
}


@cache
def show_icon(name: str, more: str = "") -> Markup:
    """The drawing of this name, as HTML; ``more`` is a class for it."""
    classes = f"icon {more}" if more else "icon"
    drawing = (
        f'<svg class="{classes}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">{_PATHS[name]}</svg>'
    )
    return Markup(drawing)  # noqa: S704 - all of it stands above


def init_app(app: Flask) -> None:
    """Let templates show icons: ``icon("undo", "flip")``."""
    app.jinja_env.globals["icon"] = show_icon
    if isinstance(app.jinja_env, SpeakingEnvironment):
        app.jinja_env.pure["icon"] = show_icon
