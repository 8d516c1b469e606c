"""Does a parser that crashes, hangs, swells or calls out cost its own document alone?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexes.errors import DiskFull
from ingest.errors import UnreadableDocument
from ingest.reasons import Reason
from ingest.sandbox import Sandbox
from ingest.settings import ReaderLimits

LIMITS = ReaderLimits(wall_s=20, cpu_s=2, memory_mb=200, output_mb=1)
READER = "tests.ingest.mock_parsers:by_content"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all tests: each must leave it usable for the next."""
    with Sandbox(LIMITS, READER) as one:
        yield one


def document(folder: Path, text: str) -> Path:
    """Return a file that tells the mock parser what to do."""
    file = folder / f"{text.split(maxsplit=1)[0]}.txt"
    file.write_text(text)
    return file


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and not yet collected."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def server_of(sandbox: Sandbox) -> int:
    """Return the process id of the read server."""
    assert sandbox._server is not None
    return sandbox._server.pid


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("hang", Reason.TIME_LIMIT),
        ("spin", Reason.TIME_LIMIT),
        ("swell", Reason.MEMORY_LIMIT),
        ("leave", Reason.CORRUPT),
        ("abort", Reason.CORRUPT),
        ("flood", Reason.DECOMPRESSION_LIMIT),
    ],
)
def test_a_fault_becomes_a_reason_and_the_next_document_is_read(
    sandbox: Sandbox, tmp_path: Path, fault: str, reason: Reason
) -> None:
    """Whatever one document does to its parser, the sound one behind it comes through, and no process is left."""
    with pytest.raises(UnreadableDocument) as caught:
        sandbox.read(document(tmp_path, fault))
    assert caught.value.reason is reason
    reading, _ = sandbox.read(document(tmp_path, "sound as a bell"))
    assert [block.text for block in reading.blocks] == ["sound as a bell"]
    assert children_of(server_of(sandbox)) == []


def test_processes_that_a_parser_leaves_behind_are_ended(sandbox: Sandbox, tmp_path: Path) -> None:
    """Children in sessions of their own survive their parent, but not the end of the document."""
    sandbox.read(document(tmp_path, "breed"))
    assert children_of(server_of(sandbox)) == []


def test_noise_on_the_standard_streams_does_not_disturb(sandbox: Sandbox, tmp_path: Path) -> None:
    """A parser that prints megabytes is read like any other."""
    reading, _ = sandbox.read(document(tmp_path, "shout loud"))
    assert reading.blocks[0].text == "shout loud"


def test_a_reader_has_no_network(sandbox: Sandbox, tmp_path: Path) -> None:
    """A listener on this machine is reached from here, and not from inside the sandbox."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        with pytest.raises(UnreadableDocument):
            sandbox.read(document(tmp_path, f"call {port}"))
        with pytest.raises(TimeoutError):
            listener.accept()
        socket.create_connection(("127.0.0.1", port)).close()  # the control: the listener hears what comes
        listener.accept()[0].close()
    assert sandbox.start() in {"namespace", "audit"}


def test_an_empty_and_a_large_file_are_refused_without_reading(sandbox: Sandbox, tmp_path: Path) -> None:
    """The two cheapest refusals need no child process."""
    empty, large = tmp_path / "empty", tmp_path / "large"
    empty.touch()
    with large.open("wb") as file:
        file.truncate((LIMITS.file_mb << 20) + 1)
    for path, reason in ((empty, Reason.EMPTY_FILE), (large, Reason.TOO_LARGE)):
        with pytest.raises(UnreadableDocument) as caught:
            sandbox.read(path)
        assert caught.value.reason is reason


def test_a_full_disk_is_not_the_fault_of_a_document(sandbox: Sandbox, tmp_path: Path) -> None:
    """The build stops for want of room; taken for a broken file, the document would never be read again."""
    with pytest.raises(DiskFull):
        sandbox.read(document(tmp_path, "fill"))
    reading, _ = sandbox.read(document(tmp_path, "sound as a bell"))
    assert [block.text for block in reading.blocks] == ["sound as a bell"]


def test_a_killed_server_costs_one_document(tmp_path: Path) -> None:
    """When the server itself is killed, that document is refused and the next one gets a new server."""
    with Sandbox(LIMITS, READER) as own:
        own.read(document(tmp_path, "sound one"))
        os.kill(server_of(own), signal.SIGKILL)
        with pytest.raises(UnreadableDocument):
            own.read(document(tmp_path, "sound two"))
        reading, _ = own.read(document(tmp_path, "sound three"))
        assert reading.blocks[0].text == "sound three"


def test_a_killed_builder_leaves_no_process_and_no_blame(tmp_path: Path) -> None:
    """The server of a builder that dies ends its child and itself, and takes back the note of the attempt."""
    note = tmp_path / "attempt"
    note.write_text("1")
    program = (
        "from pathlib import Path; from ingest.sandbox import Sandbox; from ingest.settings import ReaderLimits\n"
        f"box = Sandbox(ReaderLimits(wall_s=60), {READER!r})\n"
        "box._running(); print(box._server.pid, flush=True)\n"
        f"box.read(Path({str(document(tmp_path, 'hang'))!r}), Path({str(note)!r}))\n"
    )
    builder = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=".")
    )
    with builder:
        assert builder.stdout is not None
        server = int(builder.stdout.readline())
        while not children_of(server):
            time.sleep(0.02)
        builder.kill()
    deadline = time.monotonic() + 600
    while Path(f"/proc/{server}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{server}").exists()
    assert not note.exists()
