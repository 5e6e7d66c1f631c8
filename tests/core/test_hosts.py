"""IPv6 addresses in hosts are found by what they mean, and nothing else passes for one."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.hosts import find_ipv6


@pytest.mark.parametrize("host", ["[::1]", "[::1]:1", "[::1]:65535", "[0:0:0:0:0:0:0:1]:8000", "[0000::0001]"])
def test_one_address_has_many_forms(host: str) -> None:
    assert find_ipv6(host) == IPv6Address("::1")


@given(st.ip_addresses(v=6), st.integers(1, 65_535))
def test_every_address_is_found_unless_it_stands_for_an_ipv4_one(address: IPv6Address, port: int) -> None:
    assert find_ipv6(f"[{address.exploded.upper()}]:{port}") == (None if address.ipv4_mapped else address)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "::1",
            "[]",
            "[::1",
            "::1]",
            "[::1]:",
            "[::1]:0",
            "[::1]:65536",
            "[::1]:8000:1",
            "[::1]:+80",
            "[::1]: 80",
        ),
        *(
            "[::1]evil",
            "evil[::1]",
            "evil@[::1]",
            "[::1].evil.example",
            "[::1]\n",
            " [::1]",
            "[::1%eth0]",
            "[::1%25lo]",
        ),
        *(
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[127.0.0.1]",
            "[v1.a:b]",
            "[1::2::3]",
            "[12345::]",
        ),
        *("localhost", "127.0.0.1:8000", "[" + ":" * 40 + "]", "[1:2:3:4:5:6:7:8:9]", "[::١]"),
    ],
)
def test_whatever_could_be_read_in_two_ways_is_none(host: str) -> None:
    assert find_ipv6(host) is None
