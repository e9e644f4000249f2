"""HTTP servers of tests: on a free port of this machine, in a thread, until a block ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["listening"]


@contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], *, waited_for: Callable[[], threading.Event | None]
) -> Iterator[str]:
    """Yield the URL where a handler answers; `waited_for` is what an answer may still wait for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            if (event := waited_for()) is not None:
                event.set()
            server.shutdown()
            thread.join()
