"""Is the container what an administrator may expect: small, without privileges, and healthy by its own account?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
FINAL_STAGE = re.sub(r"\\\n\s*", "", DOCKERFILE).rsplit("\nFROM ", 1)[1]
SERVICES = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
IMAGE_SCRIPT = ROOT / ".ci" / "image"


def image_functions() -> dict[str, object]:
    """Return the functions of the script that replays the Dockerfile."""
    names: dict[str, object] = {"__name__": "image", "__file__": str(IMAGE_SCRIPT)}
    exec(compile(IMAGE_SCRIPT.read_text(encoding="utf-8"), IMAGE_SCRIPT, "exec"), names)  # noqa: S102 - a script of ours without a suffix
    return names


def final(instruction: str) -> str:
    """Return the argument of an instruction of the final stage."""
    return next(line.split(" ", 1)[1] for line in FINAL_STAGE.splitlines() if line.startswith(f"{instruction} "))


def test_the_service_is_no_root() -> None:
    """The user is a number above the system's own, so that an orchestrator can check it."""
    user, group = final("USER").split(":")
    assert int(user) > 1000
    assert int(group) > 1000


def test_nothing_of_the_builder_reaches_the_image_but_the_environment_and_the_volume() -> None:
    """The final stage copies two folders and runs nothing: no compiler, no sources, no cache."""
    copied = [line.split()[-2] for line in FINAL_STAGE.splitlines() if line.startswith("COPY ")]
    assert copied == ["/opt/pramen", "/data"]
    assert not re.search(r"^(RUN|ADD) ", FINAL_STAGE, flags=re.MULTILINE)


def test_dependencies_are_installed_by_hash_and_without_pytorch() -> None:
    """The image holds the locked default set."""
    assert DOCKERFILE.count("--require-hashes") == 2
    locked = (ROOT / "requirements" / "default.txt").read_text(encoding="utf-8")
    assert not re.search(r"^(torch|sentence-transformers)==", locked, flags=re.MULTILINE)


def test_the_health_check_needs_no_tool_that_the_image_lacks() -> None:
    """A slim image has Python and neither curl nor wget."""
    check = json.loads(re.search(r"CMD (\[.+\])", final("HEALTHCHECK"))[1])  # type: ignore[index]
    assert check[0] == "python"
    compile(check[2], "health check", "exec")
    assert "/healthz" in check[2]


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())
def test_compose_takes_every_privilege_away(service: dict[str, Any]) -> None:
    """Read-only root, no capabilities, a limit to memory and processes, and one volume for all that changes."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - the path inside the container
    assert service["volumes"] == ["data:/data"]
    assert {"mem_limit", "pids_limit"} <= set(service)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_all_that_changes_lies_in_the_volume() -> None:
    """Corpus, releases and state, so that one copy of one volume is a backup."""
    folders = dict(item.split("=", 1) for item in final("ENV").split() if item.startswith("PRAMEN_"))
    assert set(folders) == {"PRAMEN_CORPUS", "PRAMEN_RELEASES", "PRAMEN_STATE"}
    assert all(folder.startswith(f"{final('VOLUME')}/") for folder in folders.values())


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("corpus/publications/running-pramen/document.toml", True),
        ("qa_service/cli/running.py", True),
        ("requirements/default.txt", True),
        ("corpus/starter/paper.py", False),
        ("indexes/training/distil.py", False),
        ("indexes/releases/CURRENT", False),
        ("indexes/__pycache__/settings.cpython-311.pyc", False),
        (".git/config", False),
        ("tests/conftest.py", False),
        ("pramen.toml", False),
    ],
)
def test_the_builder_gets_only_what_the_image_is_made_of(path: str, sent: bool) -> None:
    """Neither history nor secrets nor built data are sent to the builder."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert image_functions()["is_sent"](path, rules) is sent  # type: ignore[operator]


def test_continued_lines_are_one_instruction() -> None:
    """The replay reads a Dockerfile as a builder does: comments dropped, continued lines joined."""
    steps = image_functions()["instructions"]("# a\nRUN one \\\n    && two\n\nUSER 1\n")  # type: ignore[operator]
    assert steps == [("RUN", "one && two"), ("USER", "1")]
