"""A text and what is known of it, written as a source file that reads back as the same source."""

import json

from quizapp.core.source.document import FrontMatter, Source, read_blocks


def write_front(front: FrontMatter) -> str:
    """The front matter as it stands in a file, between its two lines ``---``."""
    lines = []
    for name, value in front.model_dump(exclude_none=True).items():
        if isinstance(value, dict):
            lines += [
                f"{name}:",
                *(f"  {key}: {json.dumps(inner, ensure_ascii=False)}" for key, inner in value.items()),
            ]
        else:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(["---", *lines, "---"])


def write_source(front: FrontMatter, body: str) -> bytes:
    """A source file: its front matter, and its Markdown."""
    return f"{write_front(front)}\n\n{body.strip(chr(10))}\n".encode()


def front_of(source: Source) -> FrontMatter:
    """What a source says about itself."""
    said = {name: getattr(source, name) for name in FrontMatter.model_fields}
    return FrontMatter.model_validate({name: value for name, value in said.items() if value is not None})


def body_of(source: Source) -> str:
    """The Markdown of a source: its headings and paragraphs, a blank line between them.

    Where two of them would run into one (two lists, say), rules are set between all, which count for nothing.
    """
    parts = [f"{'#' * block.level} {block.text}" if block.kind == "heading" else block.text for block in source.blocks]
    body = "\n\n".join(parts)
    if [block.text for block in read_blocks(body)] != [block.text for block in source.blocks]:
        body = "\n\n---\n\n".join(parts)
    return f"{body}\n"
