"""Are the acts, European rules and resolutions found that a text refers to, and nothing else?"""

from __future__ import annotations

import pytest

from ingest.acts import referenced_acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Podle zákona č. 326/1999 Sb. a vyhlášky č. 27/2016 Sb. (zákon č. 326/1999 Sb.)", ["326/1999 Sb.", "27/2016 Sb."]),
        ("zákon 325/1999 Sb., o azylu", ["325/1999 Sb."]),
        ("under Act No. 326/1999 Coll., on the Residence of Foreign Nationals", ["326/1999 Sb."]),
        ("Úmluva č. 104/1991 Sb. m. s.", ["104/1991 Sb. m. s."]),
        ("podle § 42g odst. 2 písm. a) zákona č. 326/1999 Sb.", ["326/1999 Sb. (§ 42g)"]),
        ("§ 15a zákona č. 326/1999 Sb. a § 87 zákona č. 326/1999 Sb.", ["326/1999 Sb. (§ 15a, § 87)"]),
        ("směrnice Rady 2003/109/ES ze dne 25. listopadu 2003", ["2003/109/ES"]),
        ("Regulation (EU) No 516/2014 of the European Parliament", ["(EU) 516/2014"]),
        ("Council Directive 2001/55/EC on temporary protection", ["2001/55/EC"]),
        ("usnesením vlády ze dne 8. ledna č. 595/2022", ["usnesení vlády č. 595/2022"]),
        ("nařízení vlády č. 27/2016 Sb.", ["27/2016 Sb."]),
    ],
)  # fmt: skip
def test_references_are_named_once_each_in_their_order(text: str, acts: list[str]) -> None:
    """Czech acts with the sections cited next to them, rules of the Union, resolutions of the government."""
    assert referenced_acts(text) == acts


@pytest.mark.parametrize(
    "text",
    [
        "V letech 2014/2015 a 12/2019 bylo otevřeno 24/7.",
        "Sbírka má 326 stran.",
        "podle § 15 smlouvy",
        "tel. 224/123456",
    ],
)
def test_other_numbers_are_no_acts(text: str) -> None:
    """School years, months, hours and telephone numbers look alike."""
    assert referenced_acts(text) == []
