"""How does a source become a web page, with the furniture that real pages have around an article?

The menu, the teasers before and after the article and the footer are there on purpose: what finds its way into the
index must be the article alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from corpus.starter.source import Source, markdown

_WORDS = {
    "cs": {
        "skip": "Přejít k obsahu",
        "menu": ["Úvod", "Publikace", "Kalendář", "O sbírce"],
        "more": "Více",
        "read_on": "Mohlo by vás zajímat",
        "foot": "Mapa stránek | Tisk | Velikost písma",
    },
    "en": {
        "skip": "Skip to main content",
        "menu": ["Home", "Publications", "Calendar", "About the collection"],
        "more": "Read more",
        "read_on": "You may also like",
        "foot": "Site map | Print | Font size",
    },
}

_PAGE = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<title>{{ title }} | {{ publisher }}</title>
<meta name="author" content="{{ authors | join('; ') }}">
<meta name="date" content="{{ date }}">
</head>
<body>
<a href="#content">{{ words.skip }}</a>
<header><p>{{ publisher }}</p>
<nav><ul>{% for item in words.menu %}<li><a href="#">{{ item }}</a></li>{% endfor %}</ul></nav>
<p class="breadcrumb">{{ words.menu[0] }} › {{ words.menu[1] }} › {{ title }}</p></header>
{% macro teasers() %}<aside><h2>{{ words.read_on }}</h2>
{% for neighbour in neighbours %}<p>{{ neighbour.sidecar.title | truncate(60, true, '…') }} <a href="#">{{ words.more }}</a></p>
{% endfor %}</aside>{% endmacro -%}
{{ teasers() }}
<main id="content"><article>
{{ article | safe }}</article></main>
{{ teasers() }}
<footer><p>{{ words.foot }}</p></footer>
</body>
</html>
"""


def make_html(source: Source, all_sources: Sequence[Source]) -> bytes:
    """Return the source as a web page in UTF-8; its teasers name two other publications in the same language."""
    language = source.sidecar["language"]
    others = [other for other in all_sources if other.sidecar["language"] == language and other.id != source.id]
    page = Environment(autoescape=True).from_string(_PAGE)
    context = source.sidecar | {"words": _WORDS[language], "neighbours": others[:2]}
    return page.render(context, article=markdown().render(source.text)).encode()
