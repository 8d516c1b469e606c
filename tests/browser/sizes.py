"""How large are the widget and the pages on the wire? Run as `python -m tests.browser.sizes`: status 1 beyond the budget."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable

from qa_service.web.assets import read_assets, read_widget

KILOBYTE = 1000
BUDGETS = {"widget.js": 12 * KILOBYTE, "search page": 60 * KILOBYTE, "source viewer": 60 * KILOBYTE}
PAGES = {"search page": ("search.css", "search.js"), "source viewer": ("viewer.css", "viewer.js")}
SHARED = ("base.css", "icon.svg")
IMPORT = re.compile(r"""(?:from |import\()["`]\./([\w.${}-]+)["`]""")


def compressed(content: bytes) -> int:
    """Return the size in bytes after gzip at its usual level for the web, 6."""
    return len(gzip.compress(content, 6))


def loaded(names: Iterable[str]) -> set[str]:
    """Return the files and all that they import, the messages in Czech, which are the longer ones."""
    found: set[str] = set()
    for name in names:
        text = read_assets().by_name[name].content.decode()
        found |= {name} | loaded(each.replace("${language}", "cs") for each in IMPORT.findall(text))
    return found


def sizes() -> dict[str, int]:
    """Return the compressed bytes of the widget and of everything that a page loads besides its own text."""
    assets = read_assets().by_name
    found = {"widget.js": compressed(read_widget().content)}
    for page, own in PAGES.items():
        found[page] = sum(compressed(assets[name].content) for name in loaded((*SHARED, *own)))
    return found


def main() -> int:
    """Print each size beside its budget; return 1 where one is exceeded."""
    found = sizes()
    for name, size in found.items():
        sys.stdout.write(f"{name:14} {size:6} of {BUDGETS[name]} bytes\n")
    return int(any(size > BUDGETS[name] for name, size in found.items()))


if __name__ == "__main__":
    raise SystemExit(main())
