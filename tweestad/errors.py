"""Every exception of Tweestad. The type says what to do next.

TweestadError
├── InputRejected       the bytes or text given are wrong; change them (HTTP 400, exit code 2)
│   └── LimitExceeded   too large, too deep, too many; send less
├── TwinConfigInvalid   twin.toml or a manifest is wrong; names file, line and a suggestion
├── SourceUnavailable   a source did not answer, or not wholly or in time: it is asked again later
├── SourceChanged       what a source sent is not what it used to be: a person must look, no retry
├── NotFound            nothing by that name that this actor may see (HTTP 404)
├── NotAllowed          this actor may not do that (HTTP 403)
├── Conflict            the stored state has moved on; read again and retry by hand
├── GridsMissing        the official height grids are not there: refuse, never fall back
└── StoreUnavailable    the database did not answer; try again later (HTTP 503)
"""

from __future__ import annotations


class TweestadError(Exception):
    """Base of all errors that Tweestad raises on purpose; its text may be shown to a person."""


class InputRejected(TweestadError):
    """The input is wrong. `where` names the file and object, so that a person can find it.

    `code` names the kind of fault for those who have to say it in another language.
    """

    def __init__(self, reason: str, *, where: str = "", code: str = "") -> None:
        self.reason = reason
        self.code = code
        self.where = where
        super().__init__(f"{where}: {reason}" if where else reason)


class LimitExceeded(InputRejected):
    """The input is larger, deeper or longer than the stated limit."""


class TwinConfigInvalid(TweestadError):
    """twin.toml, or a manifest.toml, holds an unknown key or a wrong value."""


class SourceUnavailable(TweestadError):
    """A source could not be fetched; `wait_s` is how long it asked us to wait.

    `code` names the kind of fault for those who have to say it in plain words.
    """

    def __init__(self, reason: str, *, code: str = "down", wait_s: float = 0.0) -> None:
        self.code = code
        self.wait_s = wait_s
        super().__init__(reason)


class SourceChanged(TweestadError):
    """What a source sent cannot be read as it used to be; asking again would not help.

    `code` names the kind of fault for those who have to say it in plain words.
    """

    def __init__(self, reason: str, *, code: str = "changed") -> None:
        self.code = code
        super().__init__(reason)


class NotFound(TweestadError):
    """Nothing by that name that this actor may see."""


class NotAllowed(TweestadError):
    """This actor may not do that."""


class Conflict(TweestadError):
    """The stored state has changed since the caller looked."""


class GridsMissing(TweestadError):
    """The RDNAPTRANS2018 grids are not available, so heights would be about 43 m wrong."""


class StoreUnavailable(TweestadError):
    """The database did not answer."""
