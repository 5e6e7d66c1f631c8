"""What the README and the other pages say is so: commands, options, settings and links."""

import re

import click
import pytest
from click.testing import CliRunner
from plumbing.checkout import ROOT

from quizapp.cli import cli
from quizapp.settings import Settings

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md")),
]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = sorted(f"QUIZAPP_{name.upper()}" for name in Settings.model_fields)


def _find_code(text: str) -> list[str]:
    """The lines of code blocks and the code between backticks."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [line.strip() for block in blocks for line in block.splitlines()] + spans


def _find_commands() -> list[str]:
    found = (
        re.search(r"(?:^|/|\s)quizapp((?: [^|>#,;]+)?)", code) for page in PAGES for code in _find_code(_read(page))
    )
    return sorted({match[1].strip() for match in found if match is not None and match[1].strip()})


def _read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _find_command(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"there is no command `quizapp … {words[0]}`"
        command, words = found, words[1:]
    return command, words


def test_the_readme_opens_with_the_two_commands() -> None:
    first_block = re.search(r"```[a-z]*\n(.*?)```", README, re.DOTALL)
    assert first_block is not None
    assert [line.split("#")[0].strip() for line in first_block[1].splitlines()] == ["make run", "make test"]


def test_the_readme_names_commands() -> None:
    named = {tuple(line.split()[:2]) for line in _find_commands()}
    assert {("deck", "check"), ("deck", "load"), ("db", "upgrade"), ("user", "add")} <= named


@pytest.mark.parametrize("line", _find_commands())
def test_every_command_named_exists_with_its_options(line: str) -> None:
    command, rest = _find_command(line.split())
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in rest if word.startswith("-")} <= known
    assert not isinstance(command, click.Group) or "--help" in rest


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"| `{setting}` |" in README


def test_every_setting_named_in_the_pages_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bQUIZAPP_[A-Z_]*[A-Z]\b", _read(page))}
    assert {name for name in named if not name.startswith("QUIZAPP_TEST_")} <= set(SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_help_of_serve(setting: str) -> None:
    shown = CliRunner().invoke(cli, ["serve", "--help"])
    assert shown.exit_code == 0
    assert re.search(rf"\b{setting}\b", shown.output)


@pytest.mark.parametrize("document", PAGES)
def test_every_link_leads_to_a_file(document: str) -> None:
    text = re.sub(
        r"^ *```.*?^ *```|`[^`\n]+`", "", _read(document), flags=re.MULTILINE | re.DOTALL
    )  # examples are none
    targets = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in target]
    folder = (ROOT / document).parent
    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.parametrize(
    "target", sorted({word for page in PAGES for word in re.findall(r"`make ([a-z]+)", _read(page))})
)
def test_every_make_target_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", _read("Makefile"), re.MULTILINE)
