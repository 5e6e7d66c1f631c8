"""Modules that are loaded when they are first used, for libraries that few requests and commands need.

Each process would hold them, and each command wait for them. The one way, at the top of a file as all imports::

    if TYPE_CHECKING:
        from quizapp.services.reports import pdf
    else:
        pdf = load_later("quizapp.services.reports.pdf")

Types and import rules see a plain import. Names out of the module are used through it (``pdf.draw_sheet(…)``), in
functions only, and annotations that name them are quoted. ``tests/test_later.py`` lists what a server starts without.
"""

from importlib import import_module


class _Later:
    """Stands for a module that is loaded at the first look into it; threads that look at once load it once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self._name), name)


def load_later(name: str) -> _Later:
    """What to use as the module called ``name``, by its full name. ImportError comes with the first use."""
    return _Later(name)
