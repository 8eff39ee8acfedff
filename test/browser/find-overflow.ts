import type { Page } from 'playwright-core';

// What reaches beyond one of the page's own edges, and stands in nothing that scrolls. Beyond the left one nobody can scroll; what is
// far out there is meant to be unseen, as the link that skips to the content is until it has the focus.
const OUTSIDE = `(() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  const isOut = (element) => {
    const { left, right } = element.getBoundingClientRect();
    return element.checkVisibility() && right > 0 && (left < -0.5 || right > clientWidth + 0.5);
  };
  const scrolls = (element) => element !== null && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
  const outside = [...document.body.querySelectorAll('*')]
    .filter((element) => isOut(element) && !scrolls(element.parentElement))
    .map((element) => element.outerHTML.slice(0, 160));
  return scrollWidth > clientWidth ? ['a page ' + scrollWidth + ' px wide', ...outside] : outside;
})()`;

/** What is cut off or must be scrolled to sideways at this width, in CSS pixels. */
export async function findOverflow(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 640 });
  // What a script makes fit to the new width is so in the frame after.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  return page.evaluate<string[]>(OUTSIDE);
}
