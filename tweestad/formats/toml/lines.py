"""On which line of a TOML file each key stands, so that a fault can be found.

The standard parser gives values without lines. This scanner runs after it, on text that is known to be
valid TOML, and therefore only has to follow the structure.
"""

from __future__ import annotations

KeyPath = tuple[str | int, ...]

_BARE_END = frozenset("\n\r,]}#")
_KEY_END = frozenset("=.]\n")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table, key and list element, by path: `("layer", 0, "columns", 2)`."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of the path, or of the nearest table around it; 1 when nothing is known."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._table: KeyPath = ()
        self._counts: dict[KeyPath, int] = {}
        self._line = 1
        self._counted = 0

    def run(self) -> None:
        self._skip_space()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                self._header()
            else:
                self._pair(self._table)
            self._skip_space()

    def _header(self) -> None:
        line = self._line_here()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys("]")
        self.at += 2 if many else 1
        path: KeyPath = ()
        for n, key in enumerate(keys):
            path = (*path, key)
            last = n == len(keys) - 1
            if last and many:
                self._counts[path] = self._counts.get(path, -1) + 1
                self.lines.setdefault(path, line)
            if path in self._counts:
                path = (*path, self._counts[path])
        self._table = path
        self.lines.setdefault(path, line)

    def _pair(self, table: KeyPath) -> None:
        line = self._line_here()
        path: KeyPath = (*table, *self._keys("="))
        self.at += 1
        self.lines.setdefault(path, line)
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_space()
            char = self.text[self.at]
            if char == end:
                return keys
            if char == ".":
                self.at += 1
            elif char in "\"'":
                start = self.at
                self._string()
                keys.append(self.text[start + 1 : self.at - 1])
            else:
                start = self.at
                while self.text[self.at] not in _KEY_END:
                    self.at += 1
                keys.append(self.text[start : self.at].strip())

    def _value(self, path: KeyPath) -> None:
        self._skip_space()
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._list(path)
        elif char == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
                self.at += 1

    def _list(self, path: KeyPath) -> None:
        self.at += 1
        n = 0
        while True:
            self._skip_space()
            char = self.text[self.at]
            if char == "]":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            self.lines[(*path, n)] = self._line_here()
            self._value((*path, n))
            n += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip_space()
            char = self.text[self.at]
            if char == "}":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            self._pair(path)

    def _string(self) -> None:
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            self.at = self._end_of(quote * 3, self.at + 3)
            while self.at < len(self.text) and self.text[self.at] == quote:
                self.at += 1  # up to two quotes may stand right before the closing three
        else:
            self.at = self._end_of(quote, self.at + 1)

    def _end_of(self, mark: str, start: int) -> int:
        at = start
        while not self.text.startswith(mark, at):
            at += 2 if self.text[at] == "\\" and mark[0] == '"' else 1
        return at + len(mark)

    def _skip_space(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line
