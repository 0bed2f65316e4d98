"""Whether everything on a page that can be pressed or filled in is reached by Tab alone, and seen to be."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page

# Of a group of radio buttons Tab reaches one, arrows the others. What has a tabindex of -1 is reached
# in ways of its own (rows of lists, the board), which tests of those show.
MARK = """() => {
  const groups = new Set();
  const all = document.querySelectorAll(
    '#main :is(a[href], button, input, select, textarea, summary, iframe, [tabindex="0"])');
  let count = 0;
  for (const one of all) {
    if (one.disabled || one.type === 'hidden' || one.tabIndex < 0 || one.closest('[inert]')) continue;
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    if (one.type === 'radio') {
      const group = [...document.getElementsByName(one.name)];
      const stop = group.find(each => each.checked) || group[0];
      if (stop !== one || groups.has(one.name)) continue;
      groups.add(one.name);
    }
    one.dataset.tabStop = ++count;
  }
  return count;
}"""
HERE = """() => {
  const one = document.activeElement;
  if (!one || !one.closest('#main')) return null;
  const around = [one, one.closest('label'), one.parentElement, one.nextElementSibling];
  const shows = each => {
    const style = each && getComputedStyle(each);
    return style && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none');
  };
  return {
    stop: Number(one.dataset.tabStop || 0),
    isFrame: one.tagName === 'IFRAME',
    // Browsers show by themselves which part of a date it is.
    isShown: one.tagName === 'IFRAME' || one.type === 'date' || around.some(shows),
    html: one.outerHTML.slice(0, 160),
  };
}"""
START = "document.querySelector('#main').setAttribute('tabindex', '-1'); document.querySelector('#main').focus()"
_MOST = 400
_PARTS = 4  # of a date: day, month, year, the calendar


def unreached(page: Page) -> list[str]:
    """Press Tab through the main part of a page; returns what was not reached, or not shown to be."""
    count, seen, wrong = page.evaluate(MARK), Counter[int](), list[str]()
    page.evaluate(START)
    for _press in range(_MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        seen[here["stop"]] += 1
        if seen[here["stop"]] > _PARTS and not here["isFrame"]:
            wrong.append(f"Tab is caught at {here['html']}")
            break
        if not here["isShown"]:
            wrong.append(f"nobody sees the focus at {here['html']}")
    missed = [number for number in range(1, count + 1) if number not in seen]
    for number in missed:
        html = page.locator(f"[data-tab-stop='{number}']").evaluate("one => one.outerHTML")
        wrong.append(f"Tab does not reach {html[:160]}")
    where = page.evaluate("location.pathname + location.search")
    return [f"{where}: {each}" for each in wrong]
