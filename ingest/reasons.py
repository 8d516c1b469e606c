"""Why is a document not searchable, or not wholly, and how is that said to staff in Czech and in English?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.file_kinds import ACCEPTED_KINDS


class Outcome(StrEnum):
    """What became of a publication in a build."""

    INDEXED = "indexed"
    QUARANTINED = "quarantined"
    """Kept and listed for staff, not searchable."""
    REJECTED = "rejected"


class Reason(StrEnum):
    """The stable codes of everything for which a publication is refused or set aside."""

    ACTIVE_CONTENT = "active_content"
    BAD_FILENAME = "bad_filename"
    CORRUPT = "corrupt"
    DECOMPRESSION_LIMIT = "decompression_limit"
    DUPLICATE = "duplicate"
    EMPTY_FILE = "empty_file"
    ENCRYPTED = "encrypted"
    HIDDEN_TEXT = "hidden_text"
    LANGUAGE_NOT_SUPPORTED = "language_not_supported"
    LOW_QUALITY_TEXT = "low_quality_text"
    MEMORY_LIMIT = "memory_limit"
    NO_TEXT = "no_text"
    NO_TEXT_LAYER = "no_text_layer"
    TIME_LIMIT = "time_limit"
    TOO_LARGE = "too_large"
    TOO_MANY_OBJECTS = "too_many_objects"
    TOO_MANY_PAGES = "too_many_pages"
    TYPE_MISMATCH = "type_mismatch"
    UNDECODABLE_TEXT = "undecodable_text"
    UNSAFE_ARCHIVE = "unsafe_archive"
    UNSAFE_XML = "unsafe_xml"
    UNSUPPORTED_TYPE = "unsupported_type"


QUARANTINE = frozenset({Reason.NO_TEXT_LAYER, Reason.LOW_QUALITY_TEXT, Reason.UNDECODABLE_TEXT})
"""Reasons that a person can mend (by a scan with text, by another export); the document waits in the list of staff."""
WORTH_ANOTHER_TRY = frozenset({Reason.TIME_LIMIT, Reason.MEMORY_LIMIT})
"""A busy machine may be to blame, so these are tried once more in a later build."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for staff in both languages of the service."""

    cs: str
    en: str


SENTENCES: dict[Reason, Sentence] = {
    Reason.ACTIVE_CONTENT: Sentence(
        "Soubor obsahuje makra nebo skripty. Uložte ho bez nich (jako .docx nebo PDF) a nahrajte znovu.",
        "The file contains macros or scripts. Save it without them (as .docx or PDF) and upload it again.",
    ),
    Reason.BAD_FILENAME: Sentence(
        "Název souboru nelze použít. Přejmenujte soubor a nahrajte ho znovu.",
        "The file name cannot be used. Rename the file and upload it again.",
    ),
    Reason.CORRUPT: Sentence(
        "Soubor je poškozený a nelze ho přečíst. Zkuste ho otevřít a znovu uložit, nebo nahrajte jinou kopii.",
        "The file is damaged and cannot be read. Try to open and save it again, or upload another copy.",
    ),
    Reason.DECOMPRESSION_LIMIT: Sentence(
        "Obsah souboru se po rozbalení neúměrně zvětší, proto nebyl otevřen.",
        "The content grows out of all proportion when unpacked, so the file was not opened.",
    ),
    Reason.DUPLICATE: Sentence(
        "Stejný text už ve sbírce je; ve výsledcích se ukazuje jen jednou.",
        "The same text is already in the collection; results show it only once.",
    ),
    Reason.EMPTY_FILE: Sentence(
        "Soubor je prázdný (nemá žádný obsah). Nahrajte ho znovu.",
        "The file is empty (it has no content). Upload it again.",
    ),
    Reason.ENCRYPTED: Sentence(
        "Soubor je chráněn heslem. Uložte ho bez hesla a nahrajte znovu.",
        "The file needs a password. Save it without one and upload it again.",
    ),
    Reason.HIDDEN_TEXT: Sentence(
        "Všechen text souboru je skrytý, čtenář by ho neviděl. Zkontrolujte původ souboru.",
        "All text of the file is hidden, a reader would not see it. Check where the file comes from.",
    ),
    Reason.LANGUAGE_NOT_SUPPORTED: Sentence(
        "Jazyk dokumentu není podporován.",
        "The language of the document is not supported.",
    ),
    Reason.LOW_QUALITY_TEXT: Sentence(
        "Přečtený text nedává smysl (nejspíš vadné písmo v PDF nebo data místo textu). Pomůže jiný export nebo OCR.",
        "The text that was read makes no sense (probably a faulty font in the PDF, or data instead of text). "
        "Another export or OCR will help.",
    ),
    Reason.MEMORY_LIMIT: Sentence(
        "Čtení souboru potřebovalo příliš mnoho paměti a bylo zastaveno.",
        "Reading the file needed too much memory and was stopped.",
    ),
    Reason.NO_TEXT: Sentence(
        "V souboru není žádný text k vyhledávání.",
        "There is no text in the file that could be searched.",
    ),
    Reason.NO_TEXT_LAYER: Sentence(
        "Soubor obsahuje jen naskenované obrázky bez textu. Je potřeba rozpoznání textu (OCR).",
        "The file holds only scanned pictures without text. Text recognition (OCR) is needed.",
    ),
    Reason.TIME_LIMIT: Sentence(
        "Čtení souboru trvalo příliš dlouho a bylo zastaveno.",
        "Reading the file took too long and was stopped.",
    ),
    Reason.TOO_LARGE: Sentence(
        "Soubor je větší, než je dovoleno. Rozdělte ho na menší části.",
        "The file is larger than allowed. Divide it into smaller parts.",
    ),
    Reason.TOO_MANY_OBJECTS: Sentence(
        "Soubor je složen z nepřiměřeného množství částí, proto nebyl přečten.",
        "The file is made of an unreasonable number of parts, so it was not read.",
    ),
    Reason.TOO_MANY_PAGES: Sentence(
        "Soubor má více stran, než je dovoleno. Rozdělte ho na menší části.",
        "The file has more pages than allowed. Divide it into smaller parts.",
    ),
    Reason.TYPE_MISMATCH: Sentence(
        "Obsah souboru neodpovídá jeho příponě. Zkontrolujte, zda jde o správný soubor.",
        "The content of the file is not what its name says. Check that it is the right file.",
    ),
    Reason.UNDECODABLE_TEXT: Sentence(
        "Nelze určit kódování textu, písmena by byla chybná. Uložte soubor v kódování UTF-8.",
        "The encoding of the text cannot be told, letters would be wrong. Save the file in UTF-8.",
    ),
    Reason.UNSAFE_ARCHIVE: Sentence(
        "Soubor je podezřele zabalený archiv, proto nebyl otevřen.",
        "The file is packed in a suspicious way, so it was not opened.",
    ),
    Reason.UNSAFE_XML: Sentence(
        "Soubor obsahuje nebezpečné deklarace XML, proto nebyl otevřen.",
        "The file contains unsafe XML declarations, so it was not opened.",
    ),
    Reason.UNSUPPORTED_TYPE: Sentence(
        f"Tento druh souboru neumíme přečíst. Přijímáme: {ACCEPTED_KINDS}.",
        f"Files of this kind cannot be read. Accepted are: {ACCEPTED_KINDS}.",
    ),
}
