"""A folder becomes a catalog whatever forms it mixes and whatever is broken in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.catalog import home_of, read_catalog
from corpus.errors import CorpusError


def put(folder: Path, path: str, content: str = "text") -> None:
    """Write a file below `folder`."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def test_both_forms_stand_side_by_side(tmp_path: Path) -> None:
    """A described publication is named by its folder, a plain file by its path; both in the order of ids."""
    put(tmp_path, "zprava/document.toml", 'title = "Zpráva"')
    put(tmp_path, "zprava/original.pdf")
    put(tmp_path, "reports/Shrnutí 2019.txt")
    catalog = read_catalog(tmp_path)
    assert [(p.id, p.given.title) for p in catalog.publications] == [
        ("reports-shrnuti-2019", None),
        ("zprava", "Zpráva"),
    ]
    assert catalog.findings == ()


def test_a_dot_in_the_folder_of_a_described_publication_stays_in_its_id(tmp_path: Path) -> None:
    """Only files have suffixes."""
    put(tmp_path, "forum 21.9/document.toml", 'title = "Fórum"')
    put(tmp_path, "forum 21.9/a.txt")
    assert [publication.id for publication in read_catalog(tmp_path).publications] == ["forum-21-9"]


def test_hidden_files_links_and_readmes_are_skipped(tmp_path: Path) -> None:
    """None of them is a publication."""
    put(tmp_path, "a.txt")
    put(tmp_path, ".hidden.txt")
    put(tmp_path, ".git/b.txt")
    for hidden_on_windows in ("~$a.txt", "Thumbs.db", "desktop.ini"):
        put(tmp_path, hidden_on_windows)
    put(tmp_path, "sub/README.md")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "folder-link").symlink_to(tmp_path, target_is_directory=True)
    assert [publication.id for publication in read_catalog(tmp_path).publications] == ["a"]


def test_a_broken_sidecar_is_a_finding_and_its_file_is_still_there(tmp_path: Path) -> None:
    """One wrong key costs the metadata, never the publication."""
    put(tmp_path, "zprava/document.toml", 'titel = "Zpráva"')
    put(tmp_path, "zprava/a.txt")
    catalog = read_catalog(tmp_path)
    assert [(p.id, p.given.title) for p in catalog.publications] == [("zprava", None)]
    assert [(f.document_id, f.code) for f in catalog.findings] == [("zprava", "invalid_sidecar")]


@pytest.mark.parametrize("names", [(), ("a.txt", "b.txt")])
def test_a_sidecar_without_exactly_one_source_is_a_finding(tmp_path: Path, names: tuple[str, ...]) -> None:
    """It is not guessed which of two files it describes; both are read as plain files."""
    put(tmp_path, "zprava/document.toml", 'title = "Zpráva"')
    for name in names:
        put(tmp_path, f"zprava/{name}")
    catalog = read_catalog(tmp_path)
    assert len(names) == len(catalog.publications)
    assert [finding.code for finding in catalog.findings] == ["invalid_sidecar"]


def test_a_sidecar_that_an_editor_has_named_otherwise_is_a_finding_and_no_publication(tmp_path: Path) -> None:
    """Notepad adds .txt, which Windows hides: staff are told beside the file that it should describe."""
    put(tmp_path, "zprava/document.toml.txt", 'title = "Zpráva"')
    put(tmp_path, "zprava/a.txt")
    catalog = read_catalog(tmp_path)
    assert [publication.id for publication in catalog.publications] == ["zprava-a"]
    (finding,) = catalog.findings
    assert (finding.document_id, finding.path, finding.code) == (
        "zprava-a",
        "zprava/document.toml.txt",
        "invalid_sidecar",
    )
    assert "rename it to document.toml" in finding.message


@pytest.mark.parametrize("names", [(), ("a.txt", "b.txt")])
def test_a_misnamed_sidecar_without_exactly_one_source_is_told_of_its_folder(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """There is no one document that it would describe."""
    for name in ("Document.toml.TXT", *names):
        put(tmp_path, f"zprava/{name}")
    catalog = read_catalog(tmp_path)
    assert len(names) == len(catalog.publications)
    assert [(finding.document_id, finding.code) for finding in catalog.findings] == [("zprava", "invalid_sidecar")]


def test_a_misnamed_sidecar_takes_nothing_from_a_sound_one(tmp_path: Path) -> None:
    """The publication keeps its id, its description and its home."""
    for name in ("document.toml", "document.toml.txt"):
        put(tmp_path, f"zprava/{name}", 'title = "Zpráva"')
    put(tmp_path, "zprava/a.txt")
    catalog = read_catalog(tmp_path)
    (publication,) = catalog.publications
    assert (publication.id, publication.given.title) == ("zprava", "Zpráva")
    assert home_of(tmp_path, publication) == tmp_path / "zprava"
    assert [finding.document_id for finding in catalog.findings] == ["zprava"]


def test_what_leaves_while_the_corpus_is_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service looks at a corpus from which the worker is just taking a publication; a corpus that leaves is told."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text("text")
    is_symlink = Path.is_symlink

    def leaving(path: Path) -> bool:
        if path == tmp_path / "b":
            shutil.rmtree(path)
        return is_symlink(path)

    monkeypatch.setattr(Path, "is_symlink", leaving)
    assert [publication.id for publication in read_catalog(tmp_path).publications] == ["a-a", "c-c"]
    monkeypatch.setattr(Path, "is_dir", lambda _: True)
    with pytest.raises(CorpusError, match="cannot be read"):
        read_catalog(tmp_path / "gone")


def test_an_empty_folder_gives_an_empty_catalog(tmp_path: Path) -> None:
    """What that means is for the caller to say."""
    assert read_catalog(tmp_path).publications == ()


def test_a_missing_folder_names_the_setting(tmp_path: Path) -> None:
    """The person who mistyped a path is told which setting to mend."""
    with pytest.raises(CorpusError, match="PRAMEN_CORPUS"):
        read_catalog(tmp_path / "nowhere")
