"""What the tests against faults share."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plumbing.answer_key import Entry, read_key
from plumbing.checkout import ROOT

NO_MOUNTS = "mounting a file system needs root and a loop device; run as root on Linux to have this tested"


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    """The cards of a shipped deck."""
    return list(read_key((ROOT / "decks" / "dates.yaml").read_bytes()).values())


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount a file system for this test alone: ``mount("disk", "-t", "tmpfs", "-o", "size=8m", "tmpfs")``."""
    mounted: list[Path] = []

    def make(name: str, *what: str) -> Path:
        place = tmp_path / name
        place.mkdir()
        done = subprocess.run(["mount", *what, place], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"{NO_MOUNTS} ({done.stderr.strip()})")
        mounted.append(place)
        return place

    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip(NO_MOUNTS)
    yield make
    for place in reversed(mounted):
        subprocess.run(["umount", "-l", place], check=False)
