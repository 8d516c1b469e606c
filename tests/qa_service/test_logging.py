"""Does every line of the log reach its reader whole, escaped and without a terminal's commands?"""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import logging, structlog
from qa_service.logging import configure_logging
configure_logging()
structlog.contextvars.bind_contextvars(request_id="r1")
structlog.get_logger("ours").info("request", name="a\\x1b[31m\\u009b\\u2028b")
logging.getLogger("a.library").warning("it said: \\x1b]0;title\\x07")
logging.getLogger("uvicorn.access").info("GET /?q=secret")
try:
    raise ValueError("inside")
except ValueError:
    structlog.get_logger("ours").exception("fault")
"""


def test_our_lines_and_those_of_libraries_are_json_in_plain_ascii() -> None:
    """One object a line, with time, level and request id; the access log of the server, with its addresses, is off."""
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.stdout == b""
    assert ended.stderr.isascii()
    assert b"\x1b" not in ended.stderr
    assert b"secret" not in ended.stderr
    assert [line["event"] for line in lines] == ["request", "it said: \x1b]0;title\x07", "fault"]
    assert lines[0]["request_id"] == "r1"
    assert lines[0]["name"] == "a\x1b[31m\x9b\u2028b"
    assert "ValueError: inside" in lines[2]["exception"]
    assert all({"level", "timestamp"} <= set(line) for line in lines)
