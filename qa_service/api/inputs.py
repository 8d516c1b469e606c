"""Which JSON does the service take?

What is asked in the body of a request, checked before anything is done with it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from corpus.document import DocumentKind
from qa_service.answering.answerer import Turn
from qa_service.query import QUERY_CHARS

CONVERSATION_TURNS = 10
TURN_CHARS = 5000
COMMENT_CHARS = 2000
ID_CHARS = 300


class Input(BaseModel):
    """A body that somebody sends: a field we do not know is refused by name, and 0 is not false."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Alternatives = Annotated[list[str], BeforeValidator(_as_list)]
"""Values of one filter; a single one may stand without its list, as it does in the address of a search."""


class FiltersInput(Input):
    """The filters of a question, named as the parameters of a search; values of one filter are alternatives."""

    kind: Alternatives = Field(
        default_factory=list, json_schema_extra={"items": {"enum": [str(k) for k in DocumentKind]}}
    )
    publisher: Alternatives = Field(default_factory=list)
    source_lang: Alternatives = Field(default_factory=list)
    document: Alternatives = Field(default_factory=list)
    year_from: int | None = None
    year_to: int | None = None
    valid_on: str | None = Field(None, json_schema_extra={"format": "date"})

    def as_parameters(self) -> dict[str, list[str]]:
        """Return the filters as the parameters of a search would give them."""
        given = self.model_dump(mode="json", exclude_defaults=True)
        return {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}


class TurnInput(Input):
    """One earlier question of a conversation with the answer that was shown."""

    question: str = Field(max_length=TURN_CHARS)
    answer: str = Field(max_length=TURN_CHARS)

    def to_turn(self) -> Turn:
        """Return the turn as a value of ours."""
        return Turn(self.question, self.answer)


class AnswerInput(Input):
    """The body of `POST /answer`; `conversation` is what the client remembers, newest last."""

    question: str = Field(min_length=1, json_schema_extra={"maxLength": QUERY_CHARS})
    lang: Literal["cs", "en"] | None = None
    filters: FiltersInput | None = None
    conversation: list[TurnInput] = Field(default_factory=list, max_length=CONVERSATION_TURNS)


class FeedbackInput(Input):
    """The body of `POST /feedback`: what somebody thought of an answer, or of one passage of it."""

    release: str = Field(min_length=1, max_length=ID_CHARS)
    question: str = Field(min_length=1, max_length=TURN_CHARS)
    passage_id: str | None = Field(None, max_length=ID_CHARS)
    useful: bool
    comment: str | None = Field(None, max_length=COMMENT_CHARS)
