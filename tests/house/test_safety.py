"""Is anything reachable from the service that could run what a file or a visitor brings?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("corpus", "indexes", "ingest", "qa_service")
FORBIDDEN_CALLS = {"eval", "exec", "torch.load", "yaml.load", "np.loads", "pickle.load", "pickle.loads", "os.system"}
FORBIDDEN_ARGUMENTS = {"allow_pickle", "shell"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}


def unsafe_calls(source: str) -> list[str]:
    """Return the calls in a source text that load code or data unsafely (R8 of the reliability goals)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in FORBIDDEN_CALLS:
            found.append(f"line {node.lineno}: {name}")
        for keyword in node.keywords:
            is_true = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            if keyword.arg in FORBIDDEN_ARGUMENTS and is_true:
                found.append(f"line {node.lineno}: {keyword.arg}=True")
    return found


def product_files() -> list[Path]:
    """Return every Python file of the installed packages and their workshops."""
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


def test_no_file_of_the_product_loads_unsafely() -> None:
    """Neither pickles nor evaluated text nor a shell stands between a visitor's bytes and the machine."""
    found = {str(file.relative_to(ROOT)): unsafe_calls(file.read_text(encoding="utf-8")) for file in product_files()}
    assert {path: calls for path, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "source",
    ["eval(text)", "numpy.load(file, allow_pickle=True)", "subprocess.run(line, shell=True)", "torch.load(file)"],
)
def test_the_check_sees_an_unsafe_call(source: str) -> None:
    """Negative control: each kind of unsafe loading is found."""
    assert len(unsafe_calls(source)) == 1


def test_no_room_is_named_after_nothing() -> None:
    """A file is a room named by a noun of the field; these names say only that nobody knew where to put things."""
    named = {str(file.relative_to(ROOT)) for file in product_files() if file.stem in FORBIDDEN_NAMES}
    assert named == set()
