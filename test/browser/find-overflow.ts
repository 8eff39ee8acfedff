import type { Page } from 'playwright-core';

// Finds elements that reach beyond an edge of the page and are not inside an element that scrolls. Nobody can scroll
// beyond the left edge, so elements far beyond it, such as the link to the content before it has the focus, are hidden
// on purpose and not reported.
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

/** Returns the elements that at this width, in CSS pixels, are cut off or can only be seen by scrolling sideways. */
export async function findOverflow(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 640 });
  // A script fits elements to the new width in the next frame.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  return page.evaluate<string[]>(OUTSIDE);
}
