"""The tests talk to this machine alone."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

_OF_A_SOCKET = ("connect", "connect_ex", "sendto", "sendmsg")


class NetworkForbidden(RuntimeError):
    """A test tried to reach another machine. Not an OSError: no code under test may take it for a bad connection."""


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _check(host: object) -> None:
    if not _is_here(host):
        raise NetworkForbidden(f"a test tried to reach {host!r}; the tests reach this machine alone")


def _guard(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        # The address is the last argument of each; that of a Unix socket is a path and not a pair.
        if arguments and isinstance(arguments[-1], tuple):
            _check(arguments[-1][0])
        return method(self, *arguments)

    return guarded


def forbid_network() -> Callable[[], None]:
    """Let sockets reach loopback addresses only, and names resolve to nothing else. Gives what undoes it."""
    original = {name: getattr(socket.socket, name) for name in _OF_A_SOCKET}
    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        _check(host)
        return resolve(host, *arguments, **named)

    def allow() -> None:
        for name, method in original.items():
            setattr(socket.socket, name, method)
        socket.getaddrinfo = resolve

    for name, method in original.items():
        setattr(socket.socket, name, _guard(method))
    socket.getaddrinfo = guarded_resolve
    return allow
