"""Hosts as they stand in addresses and in the Host header, where Werkzeug's own check knows names and IPv4 alone."""

import re
from ipaddress import AddressValueError, IPv6Address

_BRACKETED = re.compile(r"\[([0-9A-Fa-f:]{2,39})\](?::([0-9]{1,5}))?")
_HIGHEST_PORT = 65_535


def find_ipv6(host: str) -> IPv6Address | None:
    """The IPv6 address of a host with or without a port, ``[::1]:8000`` (RFC 3986, section 3.2.2); None for any other.

    An address with a zone (``%eth0``), with an IPv4 address inside, with a port that cannot be, or with anything beside
    its brackets is none: browsers, proxies and programs read such addresses in different ways.
    """
    found = _BRACKETED.fullmatch(host)
    if found is None or (found[2] is not None and not 1 <= int(found[2]) <= _HIGHEST_PORT):
        return None
    try:
        address = IPv6Address(found[1])
    except AddressValueError:
        return None
    return None if address.ipv4_mapped else address
