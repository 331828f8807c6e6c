"""Another website on this machine, of which the only page shows an address in a frame and talks with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"""<!doctype html><html lang="nl"><title>Wijk</title><main><h1>Wijk</h1></main><script>
window.heard = [];
const frame = document.createElement('iframe');
frame.title = 'Kaart';
frame.width = 800;
frame.height = 600;
frame.src = decodeURIComponent(location.search.slice(1));
addEventListener('message', ({ origin, data }) => {
  if (origin === new URL(frame.src).origin) heard.push(data);
});
window.say = (message) => frame.contentWindow.postMessage(message, new URL(frame.src).origin);
document.querySelector('main').append(frame);
</script></html>"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def frame_site() -> Iterator[str]:
    """The origin of the website, on a free port of 127.0.0.1, for as long as it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
