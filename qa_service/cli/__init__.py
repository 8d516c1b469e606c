"""How does a person drive Pramen from a terminal?

A thin coat over the verbs of the library: each command reads its words, calls one of them and shows what comes back.
Only this package imports both `qa_service` and `ingest`. Heavy imports stand inside the commands, so that
`pramen --help` and `pramen search` start quickly.

Exit status: 0 done, 1 refused or failed with one line on stderr, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys

from corpus.errors import PramenError

# The order in which the commands are registered is their order in `pramen --help`.
# isort: off
from qa_service.cli import collection, asking, judging, running, keys  # noqa: F401 - importing registers them

# isort: on
from qa_service.cli.application import app
from qa_service.cli.settings import KNOWN_SETTINGS
from qa_service.logging import configure_logging

__all__ = ["KNOWN_SETTINGS", "app", "main"]


def main() -> None:
    """Run the command line; an error of ours or of the file system becomes one line on stderr and exit status 1."""
    configure_logging("CRITICAL")  # what went wrong is told once, as the line below
    try:
        app()
    except PramenError as error:
        sys.stderr.write(f"pramen: {error}\n")
        raise SystemExit(1) from error
    except BrokenPipeError:
        # The reader of a pipe went away (`pramen search … | head`); nothing of ours went wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:  # a folder that may not be written to, a file that somebody else removed
        sys.stderr.write(f"pramen: {error}\n")
        raise SystemExit(1) from error
