"""Which programme paid for what a document tells of?"""

from __future__ import annotations

import re

_NAMES = {
    "AMIF": r"AMIF|Azylov\w+, migrační\w* a integrační\w* fond\w*|Asylum, Migration and Integration Fund",
    "EIF": r"EIF|Evropsk\w+ integrační\w* fond\w*|European (?:Integration Fund|Fund for the Integration)",
    "ESF+": r"ESF\+|Evropsk\w+ sociální\w* fond\w* plus|European Social Fund Plus",
    "ESF": r"ESF(?!\+)|Evropsk\w+ sociální\w* fond\w*(?! plus)|European Social Fund(?! Plus)",
    "OPZ+": r"OPZ\+|Operační\w* program\w* Zaměstnanost plus",
    "OPZ": r"OPZ(?!\+)|Operační\w* program\w* Zaměstnanost(?! plus)",
    "OP JAK": r"OP JAK|Operační\w* program\w* Jan Amos Komenský",
    "OP VVV": r"OP VVV",
    "IROP": r"IROP|Integrovan\w+ regionální\w* operační\w* program\w*",
    "Erasmus+": r"Erasmus\+",
    "Interreg": r"Interreg",
    "Horizon Europe": r"Horizon Europe",
    "Horizon 2020": r"Horizon 2020",
    "Fondy EHP": r"Fond\w* EHP|EEA (?:and Norway )?Grants",
    "Norské fondy": r"Norsk\w+ fond\w*|Norway Grants",
    "Visegrádský fond": r"Visegrádsk\w+ fond\w*|Visegrad Fund",
    "CERV": r"CERV",
    "URBACT": r"URBACT",
    "Národní plán obnovy": r"Národní\w* plán\w* obnovy",
}
_PATTERNS = {name: re.compile(rf"(?<!\w)(?:{forms})(?!\w)") for name, forms in _NAMES.items()}
_PAID = re.compile(
    r"financ|hrazen|podpo[řr]|dotac|přispě|projekt|z programu|z fondu|prostředk|grant|fund|support|co-?financ|project",
    re.IGNORECASE,
)


def paying_programmes(text: str) -> list[str]:
    """Return the programmes that a paragraph names together with a word of paying or of a project, in order.

    A programme that is only spoken about paid for nothing.

    >>> paying_programmes("Projekt je spolufinancován z Azylového, migračního a integračního fondu.")
    ['AMIF']
    """
    if not _PAID.search(text):
        return []
    found = [(match.start(), name) for name, pattern in _PATTERNS.items() if (match := pattern.search(text))]
    return [name for _, name in sorted(found)]
