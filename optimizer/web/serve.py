"""`bandwise serve` without the command line: a server on this machine alone, and the address that opens it."""

import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from optimizer.errors import Fault, InputFaults
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets, hosts_of

ADDRESS = "127.0.0.1"


def serve(folder: Path, port: int, opens_browser: bool, tell: Callable[[str], None]) -> None:
    """Serve a household's folder until Ctrl-C.

    Parameters
    ----------
    folder : the household's.
    port : where to listen; 0 takes a free one.
    opens_browser : whether the address is also opened.
    tell : given the address once the server listens.

    Raises
    ------
    InputFaults
        If there is no such folder or the port is taken.
    """
    if not folder.is_dir():
        step = f"`bandwise init {folder}` writes one to start with."
        raise InputFaults([Fault((), "no such folder", "the folder of a household", step, str(folder))])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, port))
            listening.listen(128)  # whoever asks before the server is up waits for it and is not refused
        except OSError as error:
            found = f"{port}, which cannot be listened on ({error.strerror})"
            raise InputFaults([Fault((), found, "a free port, or 0 for any", where="--port")]) from None
        port = listening.getsockname()[1]
        secrets = Secrets(hosts_of(port))
        desk = Desk(folder)
        try:
            desk.warm()  # the household is read while the pages are loaded
            from optimizer.web.app import create_app

            app = create_app(desk, secrets)
            address = f"http://{ADDRESS}:{port}/?token={secrets.token}"
            tell(address)
            if opens_browser:
                threading.Timer(0.8, webbrowser.open, (address,)).start()
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, ws="none", timeout_graceful_shutdown=2
            )
            with _closed_terminal_ends_it():
                uvicorn.Server(config).run(sockets=[listening])
        finally:
            desk.close()


@contextmanager
def _closed_terminal_ends_it() -> Iterator[None]:
    """Take a terminal that is closed as being asked to end, so that no one's statements stay behind."""
    before = signal.signal(signal.SIGHUP, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
