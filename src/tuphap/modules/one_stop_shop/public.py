"""The only names of this module that other modules may import."""

from .figures import balance
from .queries import TrackView, track
from .rules import Permission

__all__ = ["Permission", "TrackView", "balance", "track"]
