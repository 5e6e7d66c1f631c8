"""Texts from elsewhere, to the Markdown of a source: pure readers of bytes (see ``reading.read_text``)."""
