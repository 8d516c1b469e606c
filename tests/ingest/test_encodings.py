"""Are Czech letters right in every encoding that offices use, without being told which it is?"""

from __future__ import annotations

import pytest

from ingest.errors import UnreadableDocument
from ingest.readers.encodings import TWICE, decode
from ingest.reasons import Reason

CZECH = (
    "Příliš žluťoučký kůň úpěl ďábelské ódy. Šťastná Ťapka našla Žižkův šátek a těšila se na večeři. "
    "Cizinecká policie přijímá žádosti o prodloužení pobytu každý všední den; řízení trvá šedesát dnů. „Děkuji,“ řekla."
)
GERMAN = "Die Gemeinde bietet für Zuwanderer Sprachkurse und Beratung an; die Teilnahme ist für alle kostenlos. Größe über Öl."
UKRAINIAN = (
    "Центр інтеграції надає безкоштовні консультації та допомагає знайти роботу і житло для родин із дітьми у місті."
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "iso8859-2"]
)
def test_czech_is_read_in_every_encoding_without_declaration(encoding: str) -> None:
    """All letters and both quotation marks come out as they were written (ISO-8859-2 has no typographic ones)."""
    text = CZECH.replace("„", '"').replace("“", '"') if encoding == "iso8859-2" else CZECH
    assert decode(text.encode(encoding))[0].lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("text", "encoding"), [(GERMAN, "cp1252"), (UKRAINIAN, "cp1251"), (UKRAINIAN, "koi8-u"), (CZECH, "cp852")]
)
def test_other_encodings_of_neighbours_are_recognised(text: str, encoding: str) -> None:
    """What is not Czech Windows is told by its letters, too."""
    data = text.replace("„", '"').replace("“", '"').encode(encoding)
    assert decode(data)[0] == text.replace("„", '"').replace("“", '"')


@pytest.mark.parametrize("declared", ["idna", "undefined", "hex", "nonsense"])
def test_a_declaration_of_what_is_no_encoding_of_text_is_passed_over(declared: str) -> None:
    """Python knows codecs of these names, which fail in ways of their own."""
    assert decode(CZECH.encode("cp1250"), declared) == (CZECH, "cp1250")


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_the_tags_of_a_page_say_nothing_against_its_encoding(encoding: str) -> None:
    """A page holds more signs between letters than letters with accents; only what no word holds counts."""
    title = "Žádost o pobyt pro šťastné" + (" › Úvod" if encoding == "cp1250" else "")
    page = f"<html><head><title>{title}</title></head><body><ul><li><a href=x>o=nas</a></li></ul></body></html>"
    assert decode(page.encode(encoding)) == (page, encoding)


def test_a_false_declaration_is_not_believed() -> None:
    """A page that says UTF-8 and is Windows-1250 is read as what it is."""
    assert decode(CZECH.encode("cp1250"), "utf-8")[0] == CZECH


@pytest.mark.parametrize("taken_for", ["cp1250", "cp1252", "latin-1"])
def test_letters_that_were_encoded_twice_are_read_as_they_were_written(taken_for: str) -> None:
    """A program took UTF-8 for its own encoding and saved the signs it saw ("mÄ›sto"); lines that are sound stay."""
    seen = "".join(bytes([byte]).decode(taken_for, "ignore") or chr(byte) for byte in CZECH.encode())
    assert seen != CZECH
    assert decode(f"{seen}\n{CZECH}\nplain".encode()) == (f"{CZECH}\n{CZECH}\nplain", TWICE)


@pytest.mark.parametrize("text", [CZECH, GERMAN, UKRAINIAN, "São Tomé, Århus, Ärger, Â, 20 °C, 5 €, naïve – „Å“"])
def test_what_was_encoded_once_stays(text: str) -> None:
    """Capitals with such signs are letters of other languages."""
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    "text", ["NOVÉ\u00a0KURZY", "CO JE NOVÉ…", "BYDLENÍ\u00a0V PRAZE", "CAFÉ’S MENU", "sjednané…“"]
)
def test_a_capital_before_a_sign_stays(text: str) -> None:
    """Both are UTF-8 when they are written in Windows-1250 or 1252, but of a letter that nobody uses ("NOVɅ")."""
    assert decode(text.encode()) == (text, "utf-8")


def test_a_few_broken_bytes_in_utf_8_cost_those_letters_alone() -> None:
    """Damage is shown as such; the rest is still UTF-8."""
    data = CZECH.encode() * 5 + b" \xff\xfe " + CZECH.encode()
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert text.count("\ufffd") == 2
    assert text.count("žluťoučký") == 6


def test_bytes_that_are_no_text_are_refused() -> None:
    """Neither random bytes nor a binary file become letters; the control is the same length of Czech."""
    noise = bytes((i * 197 + i // 7 * 31) % 256 for i in range(4000))
    with pytest.raises(UnreadableDocument) as caught:
        decode(noise)
    assert caught.value.reason in {Reason.CORRUPT, Reason.UNDECODABLE_TEXT}
    assert decode((CZECH * 20).encode("cp1250")[:4000])[0].startswith("Příliš")
