"""Does a tag change with everything that an answer depends on, and with nothing else?"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from qa_service.api.entity_tags import entity_tag, fingerprint_below, is_known, program_fingerprint


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of a few files."""
    for name in ("corpus/a.py", "indexes/words.npz", "indexes/models/m/model.json", "qa_service/web/cs.json"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"1")
    return tmp_path


@pytest.mark.parametrize("name", ["corpus/a.py", "indexes/words.npz", "qa_service/web/cs.json", "qa_service/new.tsv"])
def test_another_program_or_another_table_makes_other_tags(program: Path, name: str) -> None:
    """Code, translations, forms of words and wording count."""
    before = fingerprint_below(program)
    (program / name).write_bytes(b"2")
    assert fingerprint_below(program) != before


@pytest.mark.parametrize("name", ["indexes/models/m/model.json", "indexes/state/a.json", "corpus/publications/a.json"])
def test_data_beside_the_program_makes_none(program: Path, name: str) -> None:
    """What a release says of itself, and what belongs to nobody's answer."""
    before = fingerprint_below(program)
    (program / name).parent.mkdir(parents=True, exist_ok=True)
    (program / name).write_bytes(b"2")
    assert fingerprint_below(program) == before


def test_the_program_itself_is_found() -> None:
    """Not the hash of nothing."""
    assert program_fingerprint() != sha256().hexdigest()


def test_a_tag_is_known_weakly_and_depends_on_every_part() -> None:
    """RFC 9110: weak comparison, lists, and the star."""
    tag = entity_tag("r1", "q", "cs")
    assert is_known(tag, [f'"x", {tag.removeprefix("W/")}'])
    assert is_known(tag, ["*"])
    assert not is_known(tag, [entity_tag("r1", "q", "en"), entity_tag("r2", "q", "cs")])
