"""The Chromium of the system, as the browser tests start it.

Its headless shell comes first where it is there: the same engine without the windows around it takes a third of the
processor time (keyboard tests: 20 s instead of 59 s). ``CHROMIUM=/usr/bin/chromium`` runs them in the whole browser.
"""

import os
import shutil

HOW_TO_GET = "Chromium is not installed (apt-get install chromium-headless-shell; or set CHROMIUM to the program)"
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages reach this machine alone, as the tests do.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def find_chromium() -> str | None:
    """The program named by ``CHROMIUM``, else the first of the usual ones; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return next((path for name in ([named] if named else _NAMES) if (path := shutil.which(name))), None)


def make_launch_arguments() -> dict[str, object]:
    """What playwright starts Chromium with. As root, Chromium runs only without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find_chromium(), "args": [*_FLAGS, *sandbox]}
