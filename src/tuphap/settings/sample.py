"""The living sample province, on a laptop: every simulator beside it, one click into any role."""

from .base import *  # noqa: F403

SAMPLE_MODE = True
