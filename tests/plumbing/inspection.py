"""Looking at a page as it stands: with axe, in light and dark, narrow and wide."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = ({"width": 320, "height": 640}, {"width": 1280, "height": 800})
_ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# A page differs in its colours alone between light and dark.
_COLOUR_RULES = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (("light", _ALL_RULES), ("dark", _COLOUR_RULES))
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# From the top: half under a bar that stays in sight, a target measures too small.
_RUN = """async (rules) => {
  scrollTo(0, 0);
  const { violations } = await axe.run(rules);
  return violations.map((each) =>
    `${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 150)).join(" ; ")}`);
}"""


class Inspector:
    """Keeps what is wrong with the pages it is shown."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._script = Axe().axe_script

    def look(self, page: Page, state: str) -> None:
        """Look at a page; ``state`` says which, and in what state."""
        if not page.evaluate("() => Boolean(window.axe)"):
            page.evaluate(self._script)
        for scheme, rules in _LOOKS:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for size in SIZES:
                page.set_viewport_size(size)
                where = f"{state} ({scheme}, {size['width']} px)"
                if wider := page.evaluate(_WIDER):
                    self.wrong.append(f"{where}: {wider} px wider than the screen")
                self.wrong += [f"{where}: {violation}" for violation in page.evaluate(_RUN, rules)]
