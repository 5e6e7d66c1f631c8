"""How long a student looks at the question after the key that answers it: from that key press to the verdict on screen.

    python benchmarks/verdict.py [--rounds 3] [--slower 4]

A server with four workers and a new SQLite database serves the decks of ``decks/`` to Chromium, where in each round a
new guest sends the answers to all cards that a day brings, of every type, by a key. The clock is the browser's own: it
starts with the time that the key's event bears, and stops in the first task after the frame that shows the verdict. The
first answer in a browser that was just opened, which runs every script for the first time, is told apart. Then the same
with the browser's processor so many times slower, as an old phone's is (the server stays as fast as it was).
"""

import sys

sys.path = [*sys.path[1:], sys.path[0]]  # this folder last: its http.py is not the one that others mean

import argparse
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import yaml
from herons import find_port
from playwright.sync_api import Browser, Page, sync_playwright

_HOME = Path(__file__).parents[1]
_QUIZAPP = str(Path(sys.executable).with_name("quizapp"))
_DECKS = ("dates", "organisations", "motivations")
_GOAL_MS = 100
_START_SECONDS = 60
_FIRST = "the first of each browser"
_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")

_WATCH = """() => {
  const main = document.querySelector("main");
  const watch = (seen) => ({ timeStamp }) => {
    const observer = new MutationObserver(() => {
      if (!main.querySelector("#verdict")) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () => seen(performance.now() - timeStamp);
        painted.port2.postMessage(null);
      });
    });
    observer.observe(main, { childList: true, subtree: true });
  };
  window.took = new Promise((seen) => addEventListener("keydown", watch(seen), { once: true, capture: true }));
}"""

_FILL = """(form) => {
  const names = new Set();
  for (const field of form.querySelectorAll("[name=response], [name^=blank], select")) {
    if (field.matches("[type=radio], [type=checkbox]")) field.checked ||= !names.has(field.name);
    else if (field.matches("select") && !field.value) field.value = [...field.options].find(({ value }) => value).value;
    else if (field.matches("input:not([type=hidden])")) field.value = "1941";
    names.add(field.name);
  }
}"""


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """A server with the decks, ready to answer; gives its address."""
    port = find_port()
    settings = os.environ | {"QUIZAPP_DATA_DIR": str(folder)}
    for arguments in (["db", "upgrade"], ["deck", "load", str(_HOME / "decks")]):
        subprocess.run([_QUIZAPP, *arguments], env=settings, check=True, capture_output=True)
    command = [_QUIZAPP, "serve", "--port", str(port), "--workers", "4"]
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while socket.socket().connect_ex(("127.0.0.1", port)):
        if time.monotonic() > end:
            raise SystemExit("the server does not answer")
        time.sleep(0.1)


def _answer(page: Page, types: Mapping[str, str]) -> tuple[str, float]:
    """Answer the card on the page with a key; gives its type and the milliseconds until the verdict was seen."""
    form = page.locator("form[data-question]")
    kind = types[form.locator("input[name=card]").input_value()]
    reveal = form.get_by_role("button", name="Show the answer")
    if reveal.count():
        reveal.press("Space")
        page.locator("button[name=rating]").first.wait_for()
        page.evaluate(_WATCH)
        page.keyboard.press("3")
    else:
        form.evaluate(_FILL)
        form.locator("button[data-key=Enter]").focus()
        page.evaluate(_WATCH)
        page.keyboard.press("Enter")
    return kind, float(page.evaluate("window.took"))  # which waits for it


def _study(page: Page, url: str, deck: str) -> Iterator[tuple[str, float]]:
    """The type of each card of a deck's day and what it took, until the day is done."""
    cards = yaml.safe_load((_HOME / "decks" / f"{deck}.yaml").read_text())["cards"]
    types = {card["id"]: card["type"] for card in cards}
    page.goto(f"{url}/study/{deck}")
    while page.locator("form[data-question]").count():
        yield _answer(page, types)
        page.keyboard.press("Enter")
        page.locator("#verdict").wait_for(state="detached")


def _measure(browser: Browser, url: str, rounds: int, slower: int) -> Mapping[str, list[float]]:
    """Milliseconds of each answer, by type; the first guest warms the server up."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        context = browser.new_context()
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        answered = 0
        for deck in _DECKS:
            for kind, took in _study(page, url, deck):
                if number:
                    times[kind if answered else _FIRST].append(took)
                answered += 1
        context.close()
    return times


def _tell(title: str, times: Mapping[str, list[float]]) -> None:
    every = [each for kind, some in times.items() for each in some if kind != _FIRST]
    p99 = quantiles(every, n=100)[98]
    print(f"{title}: {len(every)} answers, median {median(every):.0f} ms, p99 {p99:.0f} ms, worst {max(every):.0f} ms")
    print(f"  more than {_GOAL_MS} ms: {sum(each > _GOAL_MS for each in every)}")
    print("  by type: " + ", ".join(f"{kind} {median(some):.0f} ms" for kind, some in sorted(times.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slower", type=int, default=4)
    options = parser.parse_args()
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, _serve(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=flags)
        _tell(f"key press to verdict (goal: at most {_GOAL_MS} ms)", _measure(browser, url, options.rounds, 1))
        _tell(f"with a browser {options.slower} times slower", _measure(browser, url, 1, options.slower))
        browser.close()


if __name__ == "__main__":
    main()
