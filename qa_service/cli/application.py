"""What do all commands share on their way from typed words to a verb?"""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="pramen",
    help="Search and cited answers over Czech and English literature on migrant integration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text for people.")]
Language = Annotated[
    str | None, typer.Option("--lang", help="Language of the question and of our own words: cs or en.")
]
