"""A browser in coarse words: enough to tell one's own devices apart, too little to tell people apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.devices import name_device, read_device

LIKE = "(KHTML, like Gecko)"
WEBKIT = f"AppleWebKit/537.36 {LIKE}"
SEEN = {
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36": "Chrome/Chromium on Linux",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/140.0.0.0 Safari/537.36": "Chrome/Chromium on Linux",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/140.0.0.0 Safari/537.36": "Chrome/Chromium on ChromeOS",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 OPR/120.0": "Opera on Windows",
    f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36": (
        "Samsung Internet on Android"
    ),
    "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0": "Firefox on Android",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0": "Firefox on Linux",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {WEBKIT} Version/18.6 Mobile/15E148 Safari/604.1": (
        "Safari on iPhone"
    ),
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {WEBKIT} CriOS/140.0 Mobile/15E148 Safari/604.1": (
        "Chrome/Chromium on iPhone"
    ),
    f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {WEBKIT} FxiOS/143.0 Mobile/15E148 Safari/604.1": "Firefox on iPad",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.6 Safari/605.1.15": "Safari on Mac",
    "Mozilla/5.0 (Windows NT 10.0)": "a browser on Windows",
    "Firefox/1": "Firefox",
    "curl/8.5.0": "a browser",
    "": "a browser",
}


@pytest.mark.parametrize(("said", "shown"), SEEN.items(), ids=range(len(SEEN)))
def test_what_a_browser_says_of_itself_in_words(said: str, shown: str) -> None:
    assert name_device(read_device(said)) == shown


def test_neither_versions_nor_models_are_kept() -> None:
    said = f"Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A) {WEBKIT} Chrome/140.0.7339.51 Mobile Safari/537.36"
    assert read_device(said) == "chromium/android"


@pytest.mark.parametrize("kept", [None, "", "/", "netscape/amiga", "firefox/android/x", "<b>"])
def test_what_this_release_does_not_know_is_a_browser(kept: str | None) -> None:
    assert name_device(kept) in ("a browser", "Firefox")


@given(st.text(max_size=3_000))
def test_whatever_is_said_comes_down_to_a_few_short_words(said: str) -> None:
    kept = read_device(said)
    assert len(kept) <= 40
    assert kept == "" or set(kept) <= set("abcdefghijklmnopqrstuvwxyz/")
    assert name_device(kept)
