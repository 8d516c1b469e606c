"""Do the files that an administrator copies name settings, commands and paths that exist, and limits that fit together?"""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from indexes.settings import PREFIX, list_settings, open_settings, read_settings
from qa_service.api.server import LEAVE_SECONDS
from qa_service.cli import KNOWN_SETTINGS, app
from qa_service.settings import ServiceSettings
from qa_service.supervisor import STOP_S

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".png")
UNITS = sorted((DEPLOY / "systemd").iterdir())
LONG_RUNNING = ("pramen.service", "pramen-worker.service")
INSTALLED = "/opt/pramen/.venv/bin/pramen"
STOPPING_S = LEAVE_SECONDS + ServiceSettings().shutdown_timeout_s + STOP_S


class Unit(configparser.RawConfigParser):
    """A unit of systemd; names keep their case, and a repeated one counts with its last line."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, comment_prefixes=("#",), delimiters=("=",), interpolation=None)
        self.optionxform = str  # type: ignore[assignment, method-assign]
        self.read_string(path.read_text(encoding="utf-8"))


def unit(name: str) -> Unit:
    """Return a unit by its name."""
    return Unit(DEPLOY / "systemd" / name)


def environment() -> dict[str, str]:
    """Return the settings of the example file, those in comments too."""
    text = (DEPLOY / "pramen.env").read_text(encoding="utf-8")
    return dict(re.findall(rf"^#?({PREFIX}\w+)=(.*)$", text, re.MULTILINE))


def seconds(text: str) -> float:
    """Return the seconds of a duration such as 30s."""
    return float(text.removesuffix("s"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    """A misspelt variable would keep the service from starting."""
    known = {line.variable for line in list_settings(KNOWN_SETTINGS, open_settings({}, ROOT, KNOWN_SETTINGS))}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", path.read_text(encoding="utf-8"))) <= known


def test_the_example_of_settings_is_taken_as_it_stands(tmp_path: Path) -> None:
    """Every value has the form that the program asks for."""
    given = {name: value or "x" * 32 for name, value in environment().items()}
    source = open_settings(given, tmp_path, KNOWN_SETTINGS)
    for kind in KNOWN_SETTINGS:
        read_settings(kind, source)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_run_commands_that_exist(path: Path) -> None:
    """Each calls the installed program with one of its commands."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    called = re.findall(rf"{re.escape(INSTALLED)} (\w+)", path.read_text(encoding="utf-8"))
    assert called or path.suffix == ".timer"
    assert set(called) <= set(commands)


def test_a_timer_starts_a_unit_that_is_there() -> None:
    """A timer without a word on what it starts means the service of its own name."""
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service") in UNITS


@pytest.mark.parametrize("name", [path.name for path in UNITS if path.suffix == ".service"])
def test_units_write_only_where_their_settings_say(name: str) -> None:
    """With a read-only system, all folders of the settings lie in the folder of state."""
    service = unit(name)["Service"]
    home = f"/var/lib/{service['StateDirectory']}"
    assert service["WorkingDirectory"] == home
    assert service["ProtectSystem"] == "strict"
    assert service["User"] != "root"
    folders = {key: value for key, value in environment().items() if value.startswith("/")}
    assert {f"{PREFIX}{name}" for name in ("CORPUS", "JUDGMENTS", "RELEASES", "STATE")} <= set(folders)
    assert all(value.startswith(f"{home}/") for value in folders.values())


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_nobody_is_killed_before_the_service_has_stopped_by_itself(name: str) -> None:
    """The time to stop is longer than that of requests and worker together."""
    assert seconds(unit(name)["Service"]["TimeoutStopSec"]) > STOPPING_S


def test_a_worker_apart_is_not_started_twice() -> None:
    """Compose and the settings beside the second unit tell the service not to start one."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert compose["worker"]["command"] == ["work"]
    assert "PRAMEN_START_WORKER=false" in compose["pramen"]["environment"]
    assert environment()["PRAMEN_START_WORKER"] == "false"


def test_a_worker_apart_steps_back_while_people_search() -> None:
    """Niceness does not reach from one container or unit to another, so each worker has a smaller weight (1024, 100)."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert compose["worker"]["cpu_shares"] < compose["pramen"].get("cpu_shares", 1024) / 4
    weights = [int(unit(name)["Service"].get("CPUWeight", "100")) for name in LONG_RUNNING]
    assert min(weights) < max(weights) / 4


def test_containers_may_stop_by_themselves_too() -> None:
    """Neither container is killed while it finishes."""
    for service in yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"].values():
        assert seconds(service["stop_grace_period"]) > STOPPING_S


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_let_through_what_the_service_takes(name: str) -> None:
    """The largest upload, streamed answers, and a line for HSTS; the port is that of the settings."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    largest = int(re.search(r"(?:max_size|client_max_body_size) (\d+)m", text, re.IGNORECASE)[1])  # type: ignore[index]
    assert largest * 1000**2 > ServiceSettings().max_upload_mb * 1024**2
    assert f"127.0.0.1:{ServiceSettings().port}" in text
    assert 'Strict-Transport-Security "max-age=31536000"' in text
    assert "flush_interval -1" in text or "proxy_buffering off" in text


def test_the_guide_names_every_file_and_no_other() -> None:
    """An administrator finds each file of the folder in its README."""
    guide = (DEPLOY / "README.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"\]\(([\w./-]+)\)", guide) if not name.startswith("..")}
    assert named == {path.relative_to(DEPLOY).as_posix() for path in FILES if path.name != "README.md"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """No unknown line, no value that it would ignore; the program that is not installed here is another one."""
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(INSTALLED, sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "pramen" in line] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_is_asked_in_a_way_that_can_fail(tmp_path: Path) -> None:
    """Negative control: a misspelt line is told."""
    (tmp_path / "pramen.service").write_text("[Service]\nExecStart=/bin/true\nMemoryMux=2G\n")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "pramen.service")]
    assert "MemoryMux" in subprocess.run(command, capture_output=True, text=True, check=False).stderr
