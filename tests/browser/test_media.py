"""Pictures, sound and formulas in a real browser, with and without network."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from plumbing.browser_steps import Student
from plumbing.inspection import Inspector
from plumbing.media import make_picture, make_wav
from plumbing.offline_steps import wait_until
from plumbing.server import LiveServer

PASSWORD = "three grey herons"
DECK = r"""
format: 1
id: pictures
title: Pictures
language: en
theme: nature
cards:
  - id: map
    type: choice
    prompt: "What is $\\frac{a}{b}$ here? ![a map](map.png) ![a call](call.wav)"
    answer: "![dark to light](small.png)"
    wrong: [nothing, "$x^2$"]
"""
SEEN = "[...document.querySelectorAll('main img')].every((img) => img.complete && img.naturalWidth > 0)"
SIZES = "[...document.querySelectorAll('main img')].map((img) => [img.clientWidth, img.clientHeight].join())"


@pytest.fixture
def server(_loaded_data_dir: Path, tmp_path: Path) -> Iterator[LiveServer]:
    """A server with a deck of pictures."""
    shutil.copytree(_loaded_data_dir, tmp_path / "instance")
    folder = tmp_path / "decks" / "media" / "pictures"
    folder.mkdir(parents=True)
    (tmp_path / "decks" / "pictures.yaml").write_text(DECK, encoding="utf-8")
    (folder / "map.png").write_bytes(make_picture(size=(1500, 1000)))
    (folder / "small.png").write_bytes(make_picture(size=(60, 40)))
    (folder / "call.wav").write_bytes(make_wav(2))
    server = LiveServer(tmp_path / "instance", tmp_path / "output.txt", through_make=False, extra={})
    done = server.run("deck", "load", str(tmp_path / "decks"))
    assert done.returncode == 0, done.stderr
    server.start()
    yield server
    server.kill()


def test_pictures_sound_and_formulas_are_seen_heard_and_do_not_jump(
    new_student: Callable[..., Student], server: LiveServer
) -> None:
    somebody = new_student(server, viewport={"width": 320, "height": 700})
    page = somebody.page
    held: list[Route] = []
    arrive = False

    def hold(route: Route) -> None:
        if arrive:
            route.continue_()
        else:
            held.append(route)

    page.route("**/media/**", hold)
    somebody.open("/study/pictures")
    expect(page.locator("main img")).to_have_count(2)
    before = page.evaluate(SIZES)
    arrive = True
    for route in held:
        route.continue_()
    page.locator("main img").last.scroll_into_view_if_needed()
    wait_until(page, SEEN)
    assert page.evaluate(SIZES) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('math')).display") == "math"
    assert page.evaluate("document.querySelector('mfrac').clientHeight") > 10
    Inspector().look(page, "a card with pictures")
    length = page.evaluate(
        "(async () => { const sound = document.querySelector('audio'); sound.preload = 'auto'; sound.load();"
        " await new Promise((done) => sound.addEventListener('loadeddata', done));"
        " sound.currentTime = 1.5; await new Promise((done) => sound.addEventListener('seeked', done));"
        " return [sound.duration, sound.currentTime]; })()"
    )
    assert length == [2, 1.5]


def test_pictures_and_sound_are_there_without_network(new_student: Callable[..., Student], server: LiveServer) -> None:
    done = server.run("user", "add", "Bob", "--role", "student", "--password-stdin", typed=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    bob = new_student(server, network_fails=True)
    page = bob.page
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Name").fill("Bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    wait_until(page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    bob.open("/study/pictures")
    wait_until(page, "caches.open('media').then((cache) => cache.keys()).then((keys) => keys.length === 3)")
    addresses = page.evaluate("[...document.querySelectorAll('main img, main audio')].map((one) => one.src)")
    page.context.set_offline(True)
    got = page.evaluate(
        "(all) => Promise.all(all.map((one) => fetch(one, { headers: { Range: 'bytes=2-5' }, cache: 'no-store' })"
        ".then(async (found) => [found.status, (await found.blob()).size])))",
        addresses,
    )
    assert got == [[206, 4]] * 3
    page.context.set_offline(False)
