"""With which data and numbers is the bundled model trained?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SENTENCES: Mapping[str, float] = MappingProxyType(
    {
        "tatoeba": 8.0,
        "wmt-news-2008-2015": 3.0,
        "multi30k": 1.0,
        "eu-public-sector": 1.0,
        "l10n-civic": 1.0,
        "l10n-mixed": 1.0,
        "gnome-help": 0.3,
        "docs-po": 0.7,
        "nette": 0.5,
        "natural-bible": 0.3,
        "natural-cldr": 2.0,
        "natural-raspberry": 2.0,
        "natural-reuse": 2.0,
        "natural-sdg": 4.0,
        "natural-privacyguides": 2.0,
        "natural-wai": 2.0,
        "natural-djangogirls": 2.0,
        "natural-cc": 2.0,
        "natural-udhr": 4.0,
        "dictionary": 3.0,
        "glossary": 8.0,
        "msdocs-business": 0.15,
        "msdocs-dynamics365": 0.1,
        "msdocs-web-learn": 0.05,
    }
)
"""How often a pair of each file is seen beside one of weight 1: human and varied text first, machine translation least."""

RUNNING: Mapping[str, float] = MappingProxyType(
    {
        "wmt-news-2008-2015": 6.0,
        "l10n-civic": 1.0,
        "docs-po": 1.0,
        "gnome-help": 0.5,
        "nette": 0.7,
        "natural-raspberry": 2.0,
        "natural-reuse": 2.0,
        "natural-privacyguides": 3.0,
        "natural-wai": 3.0,
        "natural-djangogirls": 2.0,
        "natural-cc": 3.0,
        "natural-udhr": 5.0,
        "msdocs-business": 0.3,
        "msdocs-dynamics365": 0.15,
    }
)
"""Files whose neighbouring lines follow each other in the source, so that windows of them read as sections."""

QUESTIONS: Mapping[str, float] = MappingProxyType(
    {
        "conditionalqa-train": 1.5,
        "policyqa-dev-test": 0.4,
        "pubmedqa-labeled": 1.5,
        "covidqa": 1.5,
        "covid-faq-en": 3.0,
        "subjqa-train": 0.3,
    }
)


GLOSSARY = "glossary"
"""Name of the file of terms, which comes from another folder than the pairs."""
NATURAL = frozenset(
    {"tatoeba", "wmt-news-2008-2015", "multi30k", "eu-public-sector", "l10n-civic", "l10n-mixed", "gnome-help", "nette"}
    | {name for name in SENTENCES if name.startswith("natural-")}
)
"""Files whose Czech was written by people."""
PAIR_FILES = tuple(name for name in SENTENCES if name != GLOSSARY)
"""Files that the folder of pairs must hold; the word pieces are learned from all of them."""


MAX_TOKENS = 320
"""Of a text, while training; the model that is delivered reads a little more."""
MINED = ("tatoeba", "wmt-news-2008-2015", "multi30k")
"""Files of sentences, beside the questions, for which wrong answers are mined: written by people, many of them alike."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights beside the texts and the model that training starts from."""

    steps: int = 660
    """In each, every process takes a batch of its own: with three processes, 1,980 batches."""
    seed: int = 7
    tokens_per_batch: int = 6000
    """Of queries and passages together, roughly."""
    task_shares: tuple[float, float, float, float] = (0.42, 0.25, 0.2, 0.13)
    """Of the batches: sentences, documents, articles, questions."""
    sections: int = 6
    """Of one document in a batch, each the hard negative of the others."""
    mined_share: float = 0.25
    """Mined wrong answers that a batch of sentences or questions has beside its texts, as a share of these."""
    passage_chars: int = 1000
    max_tokens: int = MAX_TOKENS
    body_rate: float = 1.3e-4
    """Largest learning rate of the encoder: reached after `warmup_steps`, falling to zero over the last steps."""
    words_rate: float = 8e-4
    """That of the word pieces, of which each batch sees few."""
    warmup_steps: int = 20
    falling_share: float = 0.75
    temperature: float = 0.05
    likeness: float = 10.0
    """Weight of 1 - cos(student, teacher) beside the contrast."""
    taught_share: float = 0.5
    """Of the batches of documents and questions, how many are held to the teacher as well; all sentences are."""
    average_from: float = 0.8
    """The weights delivered are the mean of those after this part of the steps, each `average_every` steps."""
    average_every: int = 4
    sentences: Mapping[str, float] = field(default_factory=lambda: SENTENCES)
    running: Mapping[str, float] = field(default_factory=lambda: RUNNING)
    questions: Mapping[str, float] = field(default_factory=lambda: QUESTIONS)


FINETUNING = Recipe()
"""Made the bundled weights from those of a shorter fine-tuning after distillation; the model card tells of both."""
DISTILLING = Recipe(
    steps=20_000,
    task_shares=(1.0, 0.0, 0.0, 0.0),
    body_rate=1.5e-4,
    words_rate=1e-3,
    falling_share=1.0,
    running={},
    questions={},
)
"""From `initialise` on, before there is anything to fine-tune."""
