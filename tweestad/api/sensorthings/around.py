"""What surrounds the entities of one answer: the address of the service, and their sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tweestad.model.feed_health import FeedHealth
from tweestad.model.text import Text


class Around:
    """What an entity cannot know of itself: `base`, the address of the service, and its source.

    `ask` gives how the sources are doing; it is asked once, and only when something of a source is told.
    """

    def __init__(self, base: str, ask: Callable[[], Sequence[FeedHealth]] = tuple) -> None:
        self.base = base
        self._ask = ask
        self._feeds: Mapping[str, FeedHealth] | None = None

    def feed(self, source: str) -> FeedHealth | None:
        """How a source is doing and who publishes it; None when nobody said."""
        if self._feeds is None:
            self._feeds = {feed.source: feed for feed in self._ask()}
        return self._feeds.get(source)

    def title(self, source: str) -> Text:
        """What a source is called; when nobody said, its id."""
        feed = self.feed(source)
        return Text(source) if feed is None else feed.title

    def labels(self, source: str) -> dict[str, object]:
        """What nobody may take for the city as it is now: a recording that is played back, an invention."""
        feed = self.feed(source)
        told: dict[str, object] = {}
        if feed is not None and feed.recording is not None:
            told["recording"] = feed.recording.isoformat()
        if feed is not None and feed.invented:
            told["invented"] = True
        return told

    def described(self, source: str, *parts: str) -> str:
        """A description of what comes from a source, with its labels in words."""
        feed = self.feed(source)
        said = [*(part for part in parts if part), self.title(source).in_language("en")]
        if feed is not None and feed.recording is not None:
            said.append(_recorded(feed.recording))
        if feed is not None and feed.invented:
            said.append("invented")
        return ", ".join(said)


def _recorded(day: date) -> str:
    return f"recording of {day.isoformat()} for demonstration"
