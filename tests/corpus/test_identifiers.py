"""Ids are readable, stand in URLs unescaped, and do not depend on the order of files."""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identifiers import VALID_ID, assign_ids, slug


def ids(*paths: str) -> dict[str, str]:
    """Return the ids of paths written as text."""
    return {str(path): name for path, name in assign_ids([PurePosixPath(path) for path in paths]).items()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reports/Shrnutí 2019.pdf", "reports-shrnuti-2019"),
        ("000_3f65.txt", "000-3f65"),
        ("Příliš žluťoučký kůň.docx", "prilis-zlutoucky-kun"),
        ("ﬁnále.md", "finale"),
        ("no suffix", "no-suffix"),
    ],
)
def test_an_id_is_the_slug_of_the_path_without_its_suffix(path: str, expected: str) -> None:
    """The examples of the contract, and the traps of Unicode."""
    assert {path: expected} == ids(path)


def test_a_path_without_letters_is_named_by_its_hash() -> None:
    """Nothing is left of a Ukrainian name, so 8 digits of SHA-256 stand for it."""
    assert f"document-{sha256('звіт'.encode()).hexdigest()[:8]}" == slug("звіт")


def test_where_two_slugs_meet_all_of_them_get_their_suffix() -> None:
    """Neither of the two is favoured, so adding a file never silently gives its id to another."""
    assert ids("zprava.pdf", "zprava.docx") == {"zprava.pdf": "zprava-pdf", "zprava.docx": "zprava-docx"}


def test_where_suffixes_meet_too_the_path_decides() -> None:
    """Four digits of the path's SHA-256 part two files whose slugs and suffixes are the same."""
    found = ids("a b.pdf", "a-b.pdf")
    assert {path: f"a-b-pdf-{sha256(path.encode()).hexdigest()[:4]}" for path in found} == found


def test_hundreds_of_names_of_which_only_the_year_is_left_have_hundreds_of_ids() -> None:
    """Among so many Ukrainian names some share the four digits; those get sixteen."""
    paths = [PurePosixPath(f"звіт {chr(0x430 + n // 20)}{chr(0x430 + n % 20)} 2021.txt") for n in range(600)]
    found = set(assign_ids(paths).values())
    assert len(found) == 600
    assert {len(name) for name in found} == {len("2021-txt-") + 4, len("2021-txt-") + 16}


FILES = st.text(alphabet="aá-_. /zž0Б", min_size=1, max_size=12).map(PurePosixPath).filter(lambda path: path.name)


@given(st.lists(FILES, unique=True, max_size=8))
def test_every_id_is_valid_and_order_does_not_matter(paths: list[PurePosixPath]) -> None:
    """Whatever the names, ids stand in URLs unescaped and follow from the set of paths alone."""
    assigned = assign_ids(paths)
    assert all(VALID_ID.fullmatch(name) for name in assigned.values())
    assert assigned == assign_ids(paths[::-1])
