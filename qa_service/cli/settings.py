"""Which settings does the program know, and where are they read?

Once, from the environment and the settings file, for all packages together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from indexes.settings import IndexSettings, SettingsSource, open_settings, read_settings
from ingest.publishing import GateSettings
from ingest.settings import IngestSettings
from qa_service.settings import ServiceSettings

KNOWN_SETTINGS = (IndexSettings, IngestSettings, GateSettings, ServiceSettings)
"""Everything that may be set; a variable of another name is a typing error."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of every package, read once."""

    index: IndexSettings
    ingest: IngestSettings
    gate: GateSettings
    service: ServiceSettings
    source: SettingsSource


def read_all_settings() -> Settings:
    """Return the settings of every package. Raises SettingsError for one that is unknown or out of range."""
    source = open_settings(os.environ, Path.cwd(), KNOWN_SETTINGS)
    return Settings(
        read_settings(IndexSettings, source),
        read_settings(IngestSettings, source),
        read_settings(GateSettings, source),
        read_settings(ServiceSettings, source),
        source,
    )
