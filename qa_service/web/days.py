"""How does a reader write a day, and how does the page write it into a field?

The field of a browser for dates follows the language of the browser, which need not be that of the page.
"""

from __future__ import annotations

import re
from datetime import date

from qa_service.web.messages import format_date

_CZECH = re.compile(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})")


def read_day(text: str) -> str:
    """Return a day such as `31. 5. 2024` as `2024-05-31`; anything else as it is, for the search to take or refuse."""
    written = _CZECH.fullmatch(text)
    if written is None:
        return text
    day, month, year = map(int, written.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def written_day(language: str, text: str) -> str:
    """Return a day such as `2024-05-31` as the page's language writes it; anything else as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return format_date(language, day) if language == "cs" else day.isoformat()
