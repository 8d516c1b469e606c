"""How does a command build, judge and publish a release?

The one place where the two sides of the disk meet: `build_release` gets the embedder that the service searches with,
and the gate gets the scores of the service's own search.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus.catalog import read_catalog
from indexes.manifest import EvaluationRecord
from ingest.errors import NothingIndexed
from ingest.publishing import publish as publish_release
from qa_service import console
from qa_service.assembly import Assembly, opened
from qa_service.cli.settings import Settings
from qa_service.evaluation.judgments import Judgments, read_judgments
from qa_service.evaluation.run import evaluate as judge
from qa_service.evaluation.run import record_of
from qa_service.staff_glossary import StaffGlossary

if TYPE_CHECKING:
    from ingest.pipeline import BuildReport, Progress


def build_release_with(settings: Settings, parts: Assembly, tell: Callable[[Progress], None]) -> BuildReport:
    """Build a release of the corpus, telling `tell` of each step; return what became of each publication."""
    # Imported here: the readers and what finds duplicates cost more than the rest of the start of a service together.
    from ingest.pipeline import build_release

    catalog = read_catalog(settings.index.corpus)
    glossary = StaffGlossary(settings.index.state, settings.service.glossary).sound_text()
    return build_release(catalog, parts.embedder, settings.index, settings.ingest, tell, glossary=glossary)


def build_in_sight(settings: Settings, parts: Assembly) -> BuildReport:
    """Build a release of the corpus with a progress bar; return what became of each publication."""
    with console.progress() as step:
        return build_release_with(settings, parts, lambda now: step(now.stage, now.done, now.total))


def build_first(settings: Settings, parts: Assembly) -> None:
    """Build and publish a release so that the very first command ends in a page that answers."""
    sys.stderr.write(f"no release is published yet: building one of {settings.index.corpus}\n")
    report = build_in_sight(settings, parts)
    if report.release_id is None:
        raise NothingIndexed(why_nothing(settings, [receipt.to_json() for receipt in report.receipts]))
    publish_judged(settings, parts, report.release_id)


def why_nothing(settings: Settings, receipts: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence that says why a build with these receipts (as JSON) could publish nothing."""
    if not receipts:
        return f"{settings.index.corpus} holds no publication: add one with pramen add FILE, or set PRAMEN_CORPUS"
    refused = "; ".join(f"{one['document_id']}: {', '.join(one['reasons'])}" for one in receipts[:3])
    return f"none of {len(receipts)} publications could be indexed ({refused}): nothing was published"


def publish_judged(settings: Settings, parts: Assembly, release_id: str | None) -> None:
    """Publish a release, by default the newest, that passes the gate; drop the releases too old to keep."""
    done = publish_release(
        parts.shelf, release_id, settings.gate, lambda chosen: judge_release(settings, parts, chosen)
    )
    for note in done.notes:
        sys.stderr.write(f"{note}\n")
    parts.shelf.prune(settings.index.keep_releases)


def judge_release(settings: Settings, parts: Assembly, release_id: str) -> EvaluationRecord:
    """Return how a release scores on the judgments of the collection, those of its own or the bundled ones."""
    with opened(parts.shelf, parts.model, release_id) as index:
        scores = judge(index, parts.retriever, judgments_of_collection(settings))
        return record_of(scores, index.manifest.passage_count)


def judgments_of_collection(settings: Settings) -> Judgments:
    """Return the judgments of the collection; none where it has no such folder, which the gate will say."""
    folder = settings.index.judgments
    return read_judgments(folder) if folder.is_dir() else Judgments(folder.name, (), {})
