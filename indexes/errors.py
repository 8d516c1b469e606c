"""What can go wrong with releases, models and engines?

PramenError
└── IndexesError
    ├── SettingsError            a setting is unknown or its value makes no sense
    ├── EmbeddingError           a text could not be embedded
    │   └── ModelUnusable        the model folder is missing, damaged or foreign
    ├── EngineUnavailable        an engine was chosen whose library is not installed
    ├── JobError                 a job is unknown, or in a state that forbids what was asked
    ├── FeedbackError            questions and ratings cannot be kept or read
    ├── BackupUnusable           a file is no whole backup
    └── ReleaseError
        ├── NoReleasePublished   nothing is published yet
        ├── UnknownRelease       no release has this id
        ├── DamagedRelease       a file is missing or its checksum differs
        ├── IncompatibleRelease  made by another format, model or analysis than the program's
        ├── BuildRunning         another build is being written
        ├── StillPublished       what is to be erased is in the published release
        └── DiskFull             too little free space to build, publish or accept
"""

from __future__ import annotations

from corpus.errors import PramenError


class IndexesError(PramenError):
    """Something that both sides of the disk rely on is not as it must be."""

    code = "index"


class SettingsError(IndexesError):
    """A setting is unknown, or its value makes no sense."""

    code = "invalid_setting"


class EmbeddingError(IndexesError):
    """A text could not be embedded."""

    code = "embedding_failed"


class ModelUnusable(EmbeddingError):
    """The model folder is missing, damaged, or of a kind that this installation cannot run."""

    code = "model_unusable"


class EngineUnavailable(IndexesError):
    """An engine was chosen whose library is not installed; the message names the extra that brings it."""

    code = "engine_unavailable"


class JobError(IndexesError):
    """A job is unknown, or in a state that forbids what was asked."""

    code = "job"


class BackupUnusable(IndexesError):
    """A file is no backup, or not the whole of one; nothing was restored."""

    code = "backup_unusable"


class FeedbackError(IndexesError):
    """Questions and ratings cannot be kept or read."""

    code = "feedback"


class ReleaseError(IndexesError):
    """A release cannot be used, made or published."""

    code = "release"


class NoReleasePublished(ReleaseError):
    """Nothing is published yet."""

    code = "no_release"


class UnknownRelease(ReleaseError):
    """No release of the folder has the id: it was never there, or it was pruned."""

    code = "release_gone"


class DamagedRelease(ReleaseError):
    """A file of a release is missing, or its bytes are not those that the manifest names."""

    code = "release_damaged"


class IncompatibleRelease(ReleaseError):
    """A release was made by another format, model or analysis than the one now running."""

    code = "release_incompatible"


class BuildRunning(ReleaseError):
    """Another build is being written; there is one at a time."""

    code = "build_running"


class StillPublished(ReleaseError):
    """A document is to be erased that readers still find."""

    code = "still_published"


class DiskFull(ReleaseError):
    """Too little free space to build, publish or accept anything."""

    code = "insufficient_storage"
