"""What time it is for a source. Ages are reckoned by this, never by the wall clock alone."""

from tweestad.model.replay_clock import ReplayClock, now_of

__all__ = ["ReplayClock", "now_of"]
