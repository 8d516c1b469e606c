"""What does a question mean that leans on the conversation before it ("A v Brně?", "and when?")?

The server remembers nothing: what was said comes with the request. The completed question is what is searched,
answered and shown, so that a reader sees how it was understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexes.analysis import fold
from qa_service.answering.answerer import Question, Turn
from qa_service.answering.facts import Named
from qa_service.answering.understanding import QuestionKind, Understanding, understand
from qa_service.query import QUERY_CHARS

FEW_WORDS = 3
"""A question of at most so many words that carry meaning may lean on the one before."""


def completed(question: Question) -> Question:
    """Return the question with what it leaves unsaid taken from the newest question before it.

    A question that stands by itself comes back as it is, and so does one without a conversation.
    """
    before = _last_question(question.conversation)
    if before is None:
        return question
    now = understand(question.text, question.language)
    text = _completed_text(now, understand(before, question.language))
    return question if text is None or len(text) > QUERY_CHARS else replace(question, text=text)


def _last_question(conversation: Sequence[Turn]) -> str | None:
    """Return the newest question that says something; earlier follow-ups were completed before they were shown."""
    spoken = (turn.question for turn in reversed(conversation) if understand(turn.question, None).is_clear)
    return next(spoken, None)


def _completed_text(now: Understanding, before: Understanding) -> str | None:
    """Return the completed question, None for one that stands by itself."""
    opening = _OPENING.match(now.text)
    said = (now.text[opening.end() :] if opening else now.text).strip(" ?.!")
    asked = understand(said, now.language)
    earlier = before.text.rstrip(" ?.!")
    if len(asked.words) > FEW_WORDS:
        return None
    if _ASKS_ONLY.fullmatch(said):
        return f"{earlier}, {_and(before)} {said[:1].lower()}{said[1:]}?"
    if opening and asked.named and asked.kind is QuestionKind.OPEN:
        return _exchanged(asked, before) or f"{earlier} – {said}?"
    leans = _POINTS_BACK.search(_flat(said)) or all(_OF_AN_EVENT.match(fold(word.surface)) for word in asked.words)
    if opening or not now.is_clear or (leans and not now.named):
        return f"{said[:1].upper()}{said[1:]} ({_topic(before)})?"
    return None


def _exchanged(asked: Understanding, before: Understanding) -> str | None:
    """Return the question before with its place, year or name exchanged for the new one, preposition included.

    None where it names nothing alike, or where only the new one has a preposition.
    """
    new = asked.named[-1]
    old = next((name for name in before.named if _are_alike(name, new)), None)
    if old is None:
        return None
    start = old.start
    if _LEADING_PREPOSITION.match(asked.text):
        preposition = _PREPOSITION_BEFORE.search(before.text[:start])
        if preposition is None:
            return None
        start = preposition.start(1)
    return before.text[:start] + asked.text + before.text[old.end :]


def _are_alike(one: Named, other: Named) -> bool:
    return one.kind == other.kind and one.text != other.text


def _topic(before: Understanding) -> str:
    """Return the stretch of a question from its first to its last word that carries meaning, as written.

    A verb that only says that something took place is no part of the topic.
    """
    words = before.words
    first = next((word for word in words if not _TOOK_PLACE.fullmatch(fold(word.surface))), words[0])
    return before.text[first.start : words[-1].end]


def _and(before: Understanding) -> str:
    return "and" if _ENGLISH.search(_flat(before.text)) else "a"


def _flat(text: str) -> str:
    return " ".join(fold(word) for word in re.findall(r"\w+", text))


_OPENING = re.compile(
    r"\s*(?:a co (?:třeba )?|a jak (?:je to|to je) |co (?:třeba )?(?=v[e]? |na |pro |u )|a |and what about |what about |how about |and )",
    re.IGNORECASE,
)
"""How a follow-up begins. "Co je ..." and "a ..." inside a sentence are no such beginnings."""
_ASKS_ONLY = re.compile(
    r"(?:od |do |pro |s |z |u |for |by |from |with |since |until )?"
    r"(?:kdy|kde|kdo|kolik|jak|proč|proc|kam|odkud|koho|komu|kým|kym|čím|cim|when|where|who|whom|why|how|how many|how much|"
    r"how long|jak dlouho|jak často|jak casto)(?: (?:to|to bylo|bylo to|to je|je to|was it|is it|were they|is that))?\s*[?.!]*",
    re.IGNORECASE,
)
_TOOK_PLACE = re.compile(
    r"(?:kona|probeh|uskutecni|odehra|porad|usporad|byl|mel)\w*|held|took|take|takes|place|happened|was|were"
)
_POINTS_BACK = re.compile(
    r"\b(?:tam|to|ten|ta|toho|tom|tomu|tim|ji|ho|jej|jim|jeho|jeji|jejich|ona|ono|oni|tito|tyto|odtud"
    r"|it|its|they|them|their|there|that|this|those|these|he|she|his|her)\b"
)
_OF_AN_EVENT = re.compile(
    r"(?:lid[ei]|osob|ucastn|host[eiua]|recnik|zucastn|pri(?:sl|jel|jd)|mluv|vystoup|hovor|porad|usporad|organiz|plat|zaplat"
    r"|financ|moder|zahaj|otev|trva|konci|skonci|zacal|zacin|stal[aoy]?$|stoji|workshop|panel|program"
    r"|people|person|participant|guest|speaker|attend|c[oa]me|spoke|speak|organi[sz]|paid|pay|fund|financ|moderat|open"
    r"|last|cost|start|began|begin|end|take|took)"
)
"""Beginnings of folded words that belong to some event: where a question has no others, it asks of the one before."""
_PREPOSITIONS = "v|ve|na|do|z|ze|u|pro|od|k|ke|o|in|at|for|from|to|of|on|near"
_PREPOSITION_BEFORE = re.compile(rf"(?:^|\s)((?:{_PREPOSITIONS})(?:\s+(?:the|roce|roku|year))?)\s+$", re.IGNORECASE)
_LEADING_PREPOSITION = re.compile(rf"(?:{_PREPOSITIONS})\s", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|what|who|when|where|how|is|are|was|were|did|does|of)\b")
