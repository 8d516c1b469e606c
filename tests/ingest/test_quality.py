"""Is text told from what faulty fonts and data files leave?"""

from __future__ import annotations

import base64

import pytest

from ingest.quality import garbling_score, has_words, is_garbled

SOUND = {
    "Czech": "Čtvrt hodiny prší, vlk zmrzl, zhltl hrst zrn. Obce zřizují poradní orgány a zveřejňují přehledy služeb pro cizince.",
    "English": "Local authorities publish guides for newcomers and train their staff in plain language, e.g. on NGO and EU rules.",
    "German": "Die Gemeinden bieten Sprachkurse und Rechtsschutzversicherungen für Angstschweißgeplagte an, kostenlos und schnell.",
    "Polish": "W Szczebrzeszynie chrząszcz brzmi w trzcinie, a gmina pomaga cudzoziemcom znaleźć mieszkanie i pracę.",
    "Ukrainian": "Центр інтеграції надає безкоштовні консультації та допомагає знайти роботу, житло і школу для дітей.",
    "Vietnamese": "Trung tâm hỗ trợ người nước ngoài tìm nhà ở, việc làm và trường học cho con em của họ tại thành phố.",
    "Arabic": "يساعد المركز القادمين الجدد في العثور على سكن وعمل ومدرسة لأطفالهم في المدينة مجانا وبسرعة.",
    "prices": "Cena 1 500 Kč, 2 000 Kč a 10.000 Kč; telefon 224 123 456; § 42 odst. 1 písm. a) zákona č. 326/1999 Sb., ve znění 2021.",
    "capitals": "ZPRÁVA O INTEGRACI CIZINCŮ V ČESKÉ REPUBLICE. MV ČR, MPSV, MŠMT, OAMP, NNO A DALŠÍ ORGÁNY STÁTNÍ SPRÁVY.",
}


def shifted(text: str, by: int) -> str:
    """Return a text as a subset font without a map gives it: every letter moved."""
    return "".join(chr(ord(char) + by) if char != " " else char for char in text)


@pytest.mark.parametrize("language", sorted(SOUND))
def test_sound_text_of_any_language_is_not_garbled(language: str) -> None:
    """Words without vowels, long compounds, prices, capitals and scripts without case are language."""
    text = SOUND[language] * 3
    assert not is_garbled(text, garbling_score(text)), garbling_score(text)


@pytest.mark.parametrize("by", [-31, 3, 29, 61])
def test_shifted_letters_are_garbled(by: int) -> None:
    """Each of these shifts gives signs, not words."""
    text = shifted(SOUND["English"] * 3, by)
    assert garbling_score(text) > garbling_score(SOUND["English"]) + 0.2, garbling_score(text)


def test_encoded_data_is_garbled() -> None:
    """A block of base64 in lines of 76 characters holds no words."""
    data = base64.encodebytes(bytes((i * 7919) % 256 for i in range(6000))).decode()
    assert is_garbled(data, garbling_score(data))


def test_words_are_counted_in_any_script() -> None:
    """Two-letter words do not count; a line of Chinese counts by its length."""
    text = "Obec má dva\nkurzy a 12 lidí"
    assert has_words(text, 4)
    assert not has_words(text, 5)
    assert has_words("漏電遮断機構電流制限器等に漏電遮断特性を持たせたもの", 1)
    assert not has_words("12 34 %% a b c", 1)
