"""How does the administrator give keys to staff, sites and programs?"""

from __future__ import annotations

from typing import Annotated

import typer

from qa_service import console
from qa_service.cli.application import AsJson, app
from qa_service.cli.settings import read_all_settings
from qa_service.keys import KeyRing

keys = typer.Typer(help="Create, list and revoke the keys of staff, sites and programs.", no_args_is_help=True)
app.add_typer(keys, name="keys")


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    role: Annotated[str, typer.Option(help="reader, staff or admin.")] = "reader",
) -> None:
    """Make a key and show it once.

    Example: `pramen keys create "Web města" --role reader`
    """
    key, secret = KeyRing(read_all_settings().index.state).create(name, role)
    console.print_line(secret)
    console.print_line(f"key {key.id} of {key.name} with the role {key.role}; it is not shown again", style="dim")


@keys.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys; secrets are not kept and cannot be shown.

    Example: `pramen keys list`
    """
    rows = [
        {"id": key.id, "name": key.name, "role": key.role, "created": key.created}
        for key in KeyRing(read_all_settings().index.state).keys()  # noqa: SIM118 - no mapping
    ]
    if as_json:
        console.print_json({"keys": rows})
    else:
        console.print_table(["id", "name", "role", "created"], [list(row.values()) for row in rows])


@keys.command("revoke")
def revoke_key(identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the key.")]) -> None:
    """Revoke a key; requests with it are refused from now on.

    Example: `pramen keys revoke 1a2b3c4d`
    """
    key = KeyRing(read_all_settings().index.state).revoke(identity)
    console.print_line(f"revoked {key.id} of {key.name}")
