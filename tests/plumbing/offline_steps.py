"""Steps of the tests without network: signing in, and what the device holds."""

import time

from playwright.sync_api import Locator, Page, expect

PASSWORD = "three grey herons"
HELD = """async () => {
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("quizapp");
    asked.onsuccess = () => resolve(asked.result);
  });
  const stores = [...database.objectStoreNames];
  const all = stores.map((name) => new Promise((resolve) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve([name, asked.result]);
  }));
  const held = Object.fromEntries(await Promise.all(all));
  database.close();
  return held;
}"""


def sign_in(page: Page, url: str, name: str) -> None:
    """Sign in with the password of these tests."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def wait_until(page: Page, script: str) -> None:
    """Until a script, which may be a promise, says yes."""
    deadline = time.monotonic() + 60
    while not page.evaluate(script):
        assert time.monotonic() < deadline, script
        page.wait_for_timeout(100)


def find_unsent(page: Page) -> Locator:
    """The bar that counts the answers not sent yet."""
    return page.locator("#outbox-bar")


def find_news(page: Page) -> Locator:
    """The list of what became of answers."""
    return page.locator("#outbox-news")
