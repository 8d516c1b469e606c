"""Serves a release in memory on a socket: `stand_in_server.py FOLDER PORT SETTINGS-AS-JSON`."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path

from qa_service.api.server import serve
from qa_service.logging import configure_logging

spec = importlib.util.spec_from_file_location("stand_ins", Path(__file__).with_name("conftest.py"))
stand_ins = importlib.util.module_from_spec(spec)
sys.modules["stand_ins"] = stand_ins
spec.loader.exec_module(stand_ins)

configure_logging()
bench = stand_ins.Bench(Path(sys.argv[1]))
bench.searcher.fault = lambda: time.sleep(0.02)
bench.app(**json.loads(sys.argv[3]))
serve(bench.service, "127.0.0.1", int(sys.argv[2]))
