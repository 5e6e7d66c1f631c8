"""Looking at a page as it stands: with axe, in light, dark and forced colours, narrow and wide."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

NARROW: ViewportSize = {"width": 320, "height": 640}  # also what is left of 1280 pixels at 400 %
WIDE: ViewportSize = {"width": 1280, "height": 800}
_ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# A page differs in its colours alone between light, dark and the colours that a user forces on it.
_COLOUR_RULES = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_LIGHT = {"color_scheme": "light", "forced_colors": "none"}
_DARK = {"color_scheme": "dark", "forced_colors": "none"}
_FORCED = {"color_scheme": "dark", "forced_colors": "active"}
_LOOKS: tuple[tuple[str, dict[str, Any], dict[str, Any], ViewportSize], ...] = (
    ("forced colours", _FORCED, _COLOUR_RULES, NARROW),
    ("dark", _DARK, _COLOUR_RULES, NARROW),
    ("light", _LIGHT, _ALL_RULES, NARROW),
    ("light", _LIGHT, _ALL_RULES, WIDE),
)
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
        for name, media, rules, size in _LOOKS:
            page.emulate_media(reduced_motion="reduce", **media)
            page.set_viewport_size(size)
            where = f"{state} ({name}, {size['width']} px)"
            if wider := page.evaluate(_WIDER):
                self.wrong.append(f"{where}: {wider} px wider than the screen")
            self.wrong += [f"{where}: {violation}" for violation in page.evaluate(_RUN, rules)]
