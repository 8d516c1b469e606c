"""Do the README and the program name the same commands, settings, routes and targets?"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
import typer

from indexes.settings import PREFIX, IndexSettings, list_settings, open_settings
from qa_service.api.app import create_app, open_service
from qa_service.assembly import assemble
from qa_service.cli import KNOWN_SETTINGS, app
from qa_service.settings import ServiceSettings
from qa_service.tour import TOUR

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return every command of the program, sub-commands as two words."""
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        names.extend([f"{name} {part}" for part in inner] if inner else [name])
    return names


def settings() -> list[str]:
    """Return the variable of every setting of the program."""
    return [line.variable for line in list_settings(KNOWN_SETTINGS, open_settings({}, ROOT, KNOWN_SETTINGS))]


@lru_cache
def routes() -> list[str]:
    """Return every described route of the program as `METHOD /path`."""
    indexes, service = IndexSettings(), ServiceSettings()
    schema = create_app(open_service(indexes, service, assemble(indexes, service))).openapi()
    return [f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods]


@pytest.mark.parametrize("command", commands())
def test_every_command_stands_in_the_readme(command: str) -> None:
    """Whoever reads the README knows what the program can do."""
    assert f"pramen {command}" in README


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help_with_an_example(command: str) -> None:
    """`pramen … --help` shows a line that can be copied."""
    group = typer.main.get_command(app)
    for part in command.split():
        group = group.commands[part]  # type: ignore[attr-defined]
    assert f"pramen {command}" in (group.help or "")


def test_the_settings_table_of_the_readme_is_that_of_the_program() -> None:
    """No setting is missing from the README and none stands there that the program does not have."""
    assert set(settings()) == set(re.findall(rf"`({PREFIX}[A-Z_]+)`", README))


@pytest.mark.model
def test_every_route_stands_in_the_readme_and_none_is_invented() -> None:
    """A site owner finds each address that the service answers, and no other."""
    assert set(routes()) == set(re.findall(r"`((?:GET|POST|PATCH|DELETE|PUT) /\S+)`", README))


def test_no_command_of_the_readme_is_invented() -> None:
    """Every `pramen …` in a code block of the README is a command of the program."""
    written = {
        " ".join(words.split()[:2]) for words in re.findall(r"^pramen ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE)
    }
    known = {command.split()[0] for command in commands()}
    assert {words for words in written if words.split()[0] not in known} == set()


def test_no_make_target_of_the_readme_is_invented() -> None:
    """Every `make …` of the README is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join(re.findall(r"```\n(.*?)```", README, re.DOTALL) + re.findall(r"`([^`\n]+)`", README))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


def test_the_tour_of_the_readme_is_that_of_the_program() -> None:
    """`pramen demo` asks the five questions that a reader can copy from the README."""
    assert [stop.question for stop in TOUR] == re.findall(r'^pramen ask "([^"]+)"', README, re.MULTILINE)
