"""Which port can a process under test listen on?"""

from __future__ import annotations

import secrets
import socket

LOWEST, COUNT = 20_000, 12_000
"""Below the ports that the system gives to outgoing connections (`ip_local_port_range`, from 32768 on)."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on.

    One that the system chooses could become that of an outgoing connection before the process listens on it.
    """
    while True:
        port = LOWEST + secrets.randbelow(COUNT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
