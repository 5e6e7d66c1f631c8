"""QTI of IMS (1EdTech): 1.2 as Canvas makes it, and 2.1. ``read`` takes any of them, packages and single files."""

from quizapp.core.exchange.qti.canvas_writing import write as write_canvas
from quizapp.core.exchange.qti.reading import read
from quizapp.core.exchange.qti.v2_writing import write

__all__ = ["read", "write", "write_canvas"]
