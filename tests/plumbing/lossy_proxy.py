"""A line to a server on which replies get lost: the request arrives, and what comes back is cut off."""

import contextlib
import itertools
import socket
import struct
import threading

_WHOLE, _NOTHING, _HALF = "whole", "nothing", "half"
_PATTERN = (_WHOLE, _NOTHING, _WHOLE, _HALF)
_SECONDS = 60


def _read_reply(upstream: socket.socket) -> bytes:
    data = b""
    while part := upstream.recv(65_536):
        data += part
    return data


class LossyProxy:
    """Listens on a port of its own; every second reply is lost, in turn wholly and from its middle on."""

    def __init__(self, port: int) -> None:
        self.lost = 0
        self._target = port
        self._turns = itertools.cycle(_PATTERN)
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection(("127.0.0.1", self._target), _SECONDS) as upstream,
        ):
            client.settimeout(_SECONDS)
            upstream.sendall(_read_request(client))
            reply = _read_reply(upstream)
            with self._guard:
                turn = next(self._turns)
                self.lost += turn != _WHOLE
            if turn == _NOTHING:  # a reset, as when a train enters a tunnel and the line is given up
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif turn == _HALF:
                client.sendall(reply[: len(reply) // 2])
            else:
                client.sendall(reply)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


def _read_request(client: socket.socket) -> bytes:
    """One request, whole, told to be the last of its connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65_536)
        if not part:
            raise ConnectionError("the client has gone")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(65_536)
    return head + b"\r\nConnection: close\r\n\r\n" + body
