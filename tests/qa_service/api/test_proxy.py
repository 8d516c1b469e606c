"""Does the service behave behind the proxies that `deploy/` shows: TLS, streams, large bodies, and who is asking?"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.qa_service.api.running import ROOT, Running, start

TOKEN = "an-invented-admin-token-behind-a-proxy"
NAME = "search.example.org"
RATE = "5 per day"
MIB = 1024 * 1024


class LocalConnection(http.client.HTTPSConnection):
    """A connection to this machine, under the name that the certificate is for."""

    def connect(self) -> None:
        """Connect as a client would whose name service knew the name."""
        connection = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(connection, server_hostname=NAME)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Proxy:
    """A proxy that speaks TLS on `port`, in front of a service."""

    name: str
    port: int
    service: Running
    certificate: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer to one request, and its body."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = LocalConnection(NAME, self.port, timeout=30, context=context)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate and its key."""
    pem, key = folder / "fullchain.pem", folder / "privkey.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=search.example.org",
        "-keyout",
    ]
    subprocess.run([*command, str(key), "-out", str(pem)], check=True, capture_output=True)
    return pem, key


def nginx(folder: Path, service: Running, plain: int, secure: int) -> list[str]:
    """Write the shown configuration with the ports of this test; return the command that runs it."""
    pem, key = certificate(folder)
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shown, here in {
        "/etc/ssl/pramen/fullchain.pem": str(pem),
        "/etc/ssl/pramen/privkey.pem": str(key),
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "127.0.0.1:8000": f"127.0.0.1:{service.port}",
    }.items():
        assert shown in site
        site = site.replace(shown, here)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; daemon off; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}{site}\n}}"
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def caddy(folder: Path, service: Running, plain: int, secure: int) -> list[str]:
    """Write the shown configuration with the ports of this test; return the command that runs it."""
    pem, key = certificate(folder)
    site = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{service.port}")
    site = site.replace(f"{NAME} {{", f"{NAME} {{\n\ttls {pem} {key}")
    options = f"admin off\nhttp_port {plain}\nhttps_port {secure}\nstorage file_system {folder}/storage\n"
    (folder / "Caddyfile").write_text(f"{{\n{options}}}\n{site}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy as `deploy/` shows it, in front of a service that trusts it."""
    name = request.param.__name__
    if not shutil.which(name) or not shutil.which("openssl"):
        pytest.skip(f"{name} is not here")
    folder = tmp_path_factory.mktemp(name)
    service = start(folder, admin_token=TOKEN, trusted_proxies=["127.0.0.1"], feedback_rate=RATE)
    plain, secure = free_port(), free_port()
    command = request.param(folder, service, plain, secure)
    with (folder / "proxy.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:
        try:
            yield _ready(Proxy(name, secure, service, folder / "fullchain.pem"), folder)
        finally:
            running.terminate()
            service.process.terminate()
            service.process.wait(600)


def _ready(proxy: Proxy, folder: Path) -> Proxy:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if proxy.ask("GET", "/readyz")[0].status == 200:
                return proxy
        except OSError:
            time.sleep(0.1)
    raise AssertionError((folder / "proxy.log").read_text())


def rate(proxy: Proxy, forged: str) -> int:
    """Send a rating with a forged address and return the status."""
    body = json.dumps({"release": "r1", "question": "kde?", "useful": True}).encode()
    headers = {"Content-Type": "application/json", "X-Forwarded-For": forged}
    return proxy.ask("POST", "/api/v1/feedback", body, headers)[0].status


def test_answers_come_through_with_hsts_and_the_headers_of_the_service(proxy: Proxy) -> None:
    """The proxy adds its own header and takes none away."""
    answer, body = proxy.ask("GET", "/api/v1/search?q=brno")
    assert (answer.status, json.loads(body)["release"]) == (200, "r1")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_figures_are_not_for_everybody(proxy: Proxy) -> None:
    """/metrics is for the machine itself."""
    assert proxy.ask("GET", "/metrics")[0].status == 404
    assert proxy.service.ask("GET", "/metrics")[0] == 200


def test_a_forged_address_changes_nothing(proxy: Proxy) -> None:
    """Whatever a client claims to be, its requests count as those of one address."""
    statuses = [rate(proxy, f"203.0.113.{number}") for number in range(12)]
    assert statuses.count(429) == 12 - int(RATE.split(maxsplit=1)[0])


def test_a_stream_arrives_as_events(proxy: Proxy) -> None:
    """An answer as server-sent events passes whole, with its own media type."""
    body = json.dumps({"question": "Kolik cizinců žije v Brně?"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    answer, events = proxy.ask("POST", "/api/v1/answer", body, headers)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert events.rstrip().rpartition(b"event: ")[2].startswith(b"done")


def test_the_service_itself_says_what_is_too_large(proxy: Proxy) -> None:
    """A body that is announced a little above the limit is refused by the service, which says how much it takes."""
    if proxy.name == "caddy":
        pytest.skip(
            "over HTTP/1.1 Caddy waits for the body before it passes on the refusal; browsers speak HTTP/2 to it"
        )
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "multipart/form-data; boundary=x"}
    answer, body = proxy.ask("POST", "/api/v1/admin/documents", None, {**headers, "Content-Length": str(65 * MIB)})
    assert (answer.status, json.loads(body)["code"]) == (413, "too_large")


def test_a_cookie_of_the_console_is_for_tls_alone(proxy: Proxy) -> None:
    """The service believes the trusted proxy that the reader speaks TLS."""
    body = json.dumps({"token": TOKEN}).encode()
    answer, _ = proxy.ask("POST", "/api/v1/admin/session", body, {"Content-Type": "application/json"})
    assert answer.status == 200
    assert "secure" in answer.headers["Set-Cookie"].lower()
