"""Which calibration holds for the release that is being asked?"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from indexes.contract import PassageIndex, ReleaseShelf
from indexes.errors import ReleaseError
from qa_service.answering.calibration import Calibration, parsed_calibration
from qa_service.errors import CalibrationUnreadable

BUNDLED = Path(__file__).with_name("calibration.json")

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def bundled() -> Calibration:
    """Return the calibration that comes with the program: learnt on the starter collection with the bundled model."""
    return parsed_calibration(BUNDLED.read_text(encoding="utf-8"))


def bundled_for(_: PassageIndex) -> Calibration:
    """Return the bundled calibration for any release."""
    return bundled()


class ShelfCalibrations:
    """Finds the calibration of a release on its shelf."""

    def __init__(self, shelf: ReleaseShelf) -> None:
        """`shelf` holds the releases and what stands beside them."""
        self._shelf = shelf

    def __call__(self, index: PassageIndex) -> Calibration:
        """Return the calibration beside the release, else the newest of an earlier one, else the bundled one.

        One that was learnt with another model is passed over: its cosines mean something else.
        """
        release_id = index.manifest.release_id
        for candidate in (release_id, *reversed(self._shelf.history())):
            found = self._of(candidate)
            if found is not None and found.model == index.manifest.model.fingerprint:
                return found
        return bundled()

    def _of(self, release_id: str) -> Calibration | None:
        try:
            text = self._shelf.calibration(release_id)
            return _parsed(text) if text is not None else None
        except (ReleaseError, CalibrationUnreadable) as error:
            log.warning("the calibration of %s is passed over: %s", release_id, error)
            return None


@lru_cache(maxsize=8)
def _parsed(text: str) -> Calibration:
    return parsed_calibration(text)
