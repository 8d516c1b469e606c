"""Which town or region is a document about?"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOWNS = (
    "Praha Prahy Praze Prahu Prahou Prague", "Brno Brna Brně Brnu Brnem", "Ostrava Ostravy Ostravě Ostravu Ostravou",
    "Plzeň Plzně Plzni Plzní Pilsen", "Liberec Liberce Liberci Libercem", "Olomouc Olomouce Olomouci Olomoucí",
    "Ústí_nad_Labem", "Hradec_Králové Hradce_Králové Hradci_Králové Hradcem_Králové",
    "České_Budějovice Českých_Budějovic Českých_Budějovicích Českým_Budějovicím", "Pardubice Pardubic Pardubicích Pardubicím",
    "Zlín Zlína Zlíně Zlínu Zlínem", "Havířov Havířova Havířově", "Kladno Kladna Kladně Kladnu Kladnem", "Most Mostu Mostě",
    "Opava Opavy Opavě Opavu Opavou", "Frýdek-Místek Frýdku-Místku Frýdkem-Místkem", "Jihlava Jihlavy Jihlavě Jihlavu Jihlavou",
    "Karviná Karviné Karvinou", "Teplice Teplic Teplicích Teplicím", "Chomutov Chomutova Chomutově", "Děčín Děčína Děčíně Děčínem",
    "Karlovy_Vary Karlových_Varů Karlových_Varech", "Jablonec_nad_Nisou Jablonce_nad_Nisou Jablonci_nad_Nisou",
    "Mladá_Boleslav Mladé_Boleslavi Mladou_Boleslav", "Prostějov Prostějova Prostějově", "Přerov Přerova Přerově",
    "Třebíč Třebíče Třebíči", "Třinec Třince Třinci", "Znojmo Znojma Znojmě", "Kolín Kolína Kolíně", "Příbram Příbrami Příbramí",
    "Cheb Chebu Chebem", "Kutná_Hora Kutné_Hory Kutné_Hoře", "Tábor Tábora Táboře", "Písek Písku", "Trutnov Trutnova Trutnově",
    "Kroměříž Kroměříže Kroměříži", "Šumperk Šumperku Šumperka", "Vsetín Vsetína Vsetíně", "Uherské_Hradiště Uherského_Hradiště Uherském_Hradišti",
    "Břeclav Břeclavi Břeclaví", "Hodonín Hodonína Hodoníně", "Litoměřice Litoměřic Litoměřicích", "Nový_Jičín Nového_Jičína Novém_Jičíně",
    "Chrudim Chrudimi Chrudimí", "Havlíčkův_Brod Havlíčkova_Brodu Havlíčkově_Brodě", "Klatovy Klatov Klatovech", "Kopřivnice Kopřivnici",
    "Strakonice Strakonic Strakonicích", "Vyškov Vyškova Vyškově", "Blansko Blanska Blansku", "Beroun Berouna Berouně", "Mělník Mělníka Mělníku",
    "Žďár_nad_Sázavou Žďáru_nad_Sázavou", "Náchod Náchoda Náchodě", "Sokolov Sokolova Sokolově", "Boskovice Boskovic Boskovicích",
    "Česká_Lípa České_Lípy České_Lípě", "Nymburk Nymburka Nymburce", "Benešov Benešova Benešově", "Rakovník Rakovníka Rakovníku",
)  # fmt: skip
"""Statutory towns and others of 15,000 people and more, each with the cases in which places are named."""
_REGIONS = (
    "Středočesk", "Jihočesk", "Plzeňsk", "Karlovarsk", "Ústeck", "Libereck", "Královéhradeck", "Pardubick", "Jihomoravsk", "Olomouck",
    "Zlínsk", "Moravskoslezsk",
)  # fmt: skip
_NAMES = {form.replace("_", " "): row.split()[0].replace("_", " ") for row in _TOWNS for form in row.split()}
_AMBIGUOUS = {"Most", "Mostu", "Mostě", "Písek", "Písku", "Tábor", "Tábora", "Táboře", "Klatov"}
"""Words of the language too, or of other names: only with a word of office before them."""
_FORMS = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_OFFICE = (
    r"(?:statutární(?:ho|m|mu)? měst\w+|hlavní(?:ho|m|mu)? měst\w+|hl\. m(?:ěst\w+|\.)|měst\w+|magistrát\w*(?: města)?|"
    r"městsk\w+ úřad\w*|obc[ie]|obec|city of|town of|municipality of)"
)
_OFFICE_TOWN = re.compile(rf"(?<!\w)(?i:{_OFFICE}) (?P<name>{_FORMS})(?!\w)")
_TOWN = re.compile(rf"(?<![\w-])(?P<name>{_FORMS})(?![\w-])(?! \d+\b)")
_DISTRICT = re.compile(r"(?<!\w)(?:Prah[ayou]|Praze|Prague) (?P<number>[1-9]|1\d|2[0-2])(?![\d.])(?!\s?%)")
_REGION = re.compile(
    rf"(?<!\w)(?P<stem>{'|'.join(_REGIONS)})(?:ý|ého|ém|ému|ým) kraj\w*|(?<!\w)Kraj\w* Vysočin\w+|(?<!\w)Vysočina Region"
)
_OTHER_OFFICE = re.compile(r"(?:^|(?<=[.:;] ))(?:Statutární město|Město|Městys|Obec) (?P<name>[A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ][\w-]+(?: (?:nad|pod|u|v) [A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ][\w-]+)?)(?! [A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ])")  # fmt: skip


def places_in(text: str) -> list[str]:
    """Return the towns, districts of Prague and regions that a text names, in their basic form, each once, in order.

    >>> places_in("Konference v Brně, pořádá Liberecký kraj; zasedání zastupitelstva Prahy 7")
    ['Brno', 'Liberecký kraj', 'Praha 7']
    """
    found = sorted(_found(text), key=lambda item: item[0])
    return list(dict.fromkeys(name for _, name in found))


def _found(text: str) -> Iterator[tuple[int, str]]:
    for match in _TOWN.finditer(text):
        if match["name"] not in _AMBIGUOUS:
            yield match.start(), _NAMES[match["name"]]
    for match in _OFFICE_TOWN.finditer(text):
        yield match.start("name"), _NAMES[match["name"]]
    for match in _DISTRICT.finditer(text):
        yield match.start(), f"Praha {match['number']}"
    for match in _REGION.finditer(text):
        yield match.start(), f"{match['stem']}ý kraj" if match["stem"] else "Kraj Vysočina"
    for match in _OTHER_OFFICE.finditer(text):
        if match["name"] not in _NAMES:
            yield match.start(), match["name"]
