"""Does every import go leftwards, corpus <- indexes <- ingest <- qa_service, and stay in its room?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("corpus", "indexes", "ingest", "qa_service")
WORKSHOPS = ("indexes/training", "corpus/starter")
"""Tools that make bundled data; they stand outside the layers and are not installed."""

LIBRARY_ROOMS = {
    "tomli_w": ("corpus",),
    "faiss": ("indexes",),
    "sqlite3": ("indexes",),
    "tantivy": ("indexes",),
    "onnxruntime": ("indexes",),
    "tokenizers": ("indexes",),
    "sentence_transformers": ("indexes",),
    "torch": ("indexes",),
    "simplemma": ("indexes",),
    "Stemmer": ("indexes",),
    "langdetect": ("indexes",),
    "pypdf": ("ingest",),
    "pypdfium2": ("ingest",),
    "docx": ("ingest",),
    "pptx": ("ingest",),
    "trafilatura": ("ingest",),
    "fastapi": ("qa_service",),
    "pydantic": ("qa_service",),
    "typer": ("qa_service",),
}
FORBIDDEN_ANYWHERE = {"pickle", "joblib", "shelve", "marshal"}


def imports(source: str) -> set[str]:
    """Return the dotted names of all modules that a source text imports, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def violations(path: str, source: str) -> list[str]:
    """Return one sentence for each import of the file at `path` (below the root) that its room does not allow."""
    package = path.split("/", 1)[0]
    allowed = LAYERS[: LAYERS.index(package) + 1]
    found = []
    for name in sorted(imports(source)):
        top = name.split(".")[0]
        if top in FORBIDDEN_ANYWHERE:
            found.append(f"{path} imports {name}, which nothing of ours may load")
        if top in LAYERS and top not in allowed:
            found.append(f"{path} imports {name}: {package} may import only {', '.join(allowed)}")
        if top == "ingest" and package == "qa_service" and not path.startswith("qa_service/cli/"):
            found.append(f"{path} imports {name}: only qa_service/cli/ drives ingest")
        if package not in LIBRARY_ROOMS.get(top, (package,)):
            found.append(f"{path} imports {name}: only {' and '.join(LIBRARY_ROOMS[top])} may")
        if path.startswith("indexes/local/") and top == "indexes" and "indexes.engines" in name:
            found.append(f"{path} imports {name}: an engine never knows the table of engines")
    return found


def product_files() -> Iterator[Path]:
    """Yield every Python file of the installed packages."""
    for package in LAYERS:
        for file in sorted((ROOT / package).rglob("*.py")):
            if not str(file.relative_to(ROOT)).startswith(WORKSHOPS):
                yield file


def test_every_import_goes_leftwards_and_stays_in_its_room() -> None:
    """No file of the product imports against the layers or a library that belongs to another room."""
    found = [line for file in product_files() for line in violations(str(file.relative_to(ROOT)), file.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("corpus/catalog.py", "import indexes.passage"),
        ("indexes/local/index.py", "from ingest.receipt import Receipt"),
        ("ingest/pipeline.py", "from qa_service import query"),
        ("qa_service/api/app.py", "from ingest.pipeline import build_release"),
        ("qa_service/live.py", "import sqlite3"),
        ("ingest/pipeline.py", "import faiss"),
        ("indexes/local/index.py", "def f():\n    import pickle"),
        ("indexes/local/index.py", "from indexes import engines"),
    ],
)
def test_the_layer_check_sees_a_planted_violation(path: str, source: str) -> None:
    """Negative control: each rule finds an import that breaks it, also one inside a function."""
    assert len(violations(path, source)) == 1


def test_importing_the_service_loads_no_pytorch() -> None:
    """The default installation is free of PyTorch, so nothing may need it at import."""
    sources = "\n".join(file.read_text() for file in product_files() if file.name != "sentence_transformer.py")
    assert "torch" not in {
        name.split(".")[0] for name in imports(sources.replace("from __future__ import annotations", ""))
    }
