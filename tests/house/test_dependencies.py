"""Is everything that the product imports declared, locked, and not below the versions that mended known faults?"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("corpus", "indexes", "ingest", "qa_service")
WORKSHOPS = ("indexes/training", "corpus/starter")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"torch", "sentence-transformers", "transformers"}
"""Imported inside functions, by those who asked for the extra."""

NEEDED_BY_OTHERS = {"python-multipart"}
"""Never imported by us: FastAPI reads uploads with it."""

FLOORS = {
    "starlette": "1.3.1",
    "python-multipart": "0.0.26",
    "pypdf": "6.16.1",
    "lxml": "6.1.0",
}
"""From the advisories named in the security notes: urlencoded form limits (CVE-2026-54283), path traversal
(CVE-2026-24486), loops and memory (38 entries), entities in iterparse."""


def normalised(name: str) -> str:
    """Return the name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """Return the distributions that an installation without extras asks for."""
    return {normalised(Requirement(line).name) for line in PROJECT["dependencies"]}


def locked(file: str) -> dict[str, Version]:
    """Return the pinned distributions of a list; where markers give two versions, the lower."""
    pins: dict[str, Version] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / file).read_text(), re.MULTILINE):
        key, parsed = normalised(name), Version(version)
        pins[key] = min(parsed, pins.get(key, parsed))
    return pins


def foreign_modules(source: str) -> set[str]:
    """Return the top-level names of the modules of others that a source text imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - set(PACKAGES)


@lru_cache(maxsize=1)
def providers() -> Mapping[str, list[str]]:
    """Return the distributions that provide each top-level module; reading them all takes a second."""
    return packages_distributions()


def undeclared(source: str, known: set[str]) -> set[str]:
    """Return the imported modules none of whose distributions is in `known`."""
    return {
        name
        for name in foreign_modules(source)
        if not {normalised(one) for one in providers().get(name, [name])} & known
    }


def test_every_import_of_the_product_is_declared() -> None:
    """Whatever runs on a developer's machine by luck is missing on a new one."""
    known = declared() | EXTRAS
    found = {
        str(file.relative_to(ROOT)): undeclared(file.read_text(encoding="utf-8"), known)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if not str(file.relative_to(ROOT)).startswith(WORKSHOPS)
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_every_declared_library_is_used() -> None:
    """What nobody imports only makes an installation larger and slower to check."""
    used = {
        normalised(one)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if not str(file.relative_to(ROOT)).startswith(WORKSHOPS)
        for name in foreign_modules(file.read_text(encoding="utf-8"))
        for one in providers().get(name, [])
    }
    assert declared() - used - NEEDED_BY_OTHERS == set()


def test_the_check_sees_an_undeclared_import() -> None:
    """Negative control: a library that nobody declared is found, a declared one and the standard library are not."""
    assert {"docling"} == undeclared("import json, numpy\ndef f():\n    from docling import x", declared())


@pytest.mark.parametrize("file", ["requirements/default.txt", "requirements/test.txt"])
def test_every_declared_dependency_is_locked_with_hashes(file: str) -> None:
    """The lists install exactly what was tested, byte for byte."""
    assert declared() <= set(locked(file))
    pinned = re.findall(r"^[A-Za-z0-9._-]+==.*$", (ROOT / file).read_text(), re.MULTILINE)
    assert [line for line in pinned if not line.endswith("\\")] == []


@pytest.mark.parametrize("file", ["requirements/default.txt", "requirements/test.txt"])
def test_no_locked_version_is_below_its_security_floor(file: str) -> None:
    """Each floor is the first version without a known fault that concerns us."""
    pins = locked(file)
    assert {name: str(pins[name]) for name, floor in FLOORS.items() if pins[name] < Version(floor)} == {}


def test_the_default_installation_is_free_of_pytorch() -> None:
    """PyTorch is an extra: it would quadruple the size of an installation."""
    assert "torch" not in locked("requirements/default.txt")
    assert "torch==2.13.0" in (ROOT / "requirements/transformers.txt").read_text()
    assert "torch==2.13.0" in (ROOT / "requirements/training.txt").read_text()
