"""Runs the reports named on the command line, or all of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def run(file: Path) -> None:
    """Import one report from its file and print it."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    print(f"\n## {file.stem.removeprefix('bench_')}\n", flush=True)  # noqa: T201 - a report goes to the terminal
    module.main()


if __name__ == "__main__":
    files = {file.stem.removeprefix("bench_"): file for file in sorted(FOLDER.glob("bench_*.py"))}
    unknown = set(sys.argv[1:]) - set(files)
    if unknown:
        raise SystemExit(f"no report named {', '.join(sorted(unknown))}; there are {', '.join(files)}")
    for name in sys.argv[1:] or files:
        run(files[name])
