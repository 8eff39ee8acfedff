import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserTrial } from './browser-trial.ts';
import { CONSOLE_PAGES, MOST_BYTES, MOST_REQUESTS } from './console-pages.ts';
import { createVisitor, type Visitor, WIDE } from './create-visitor.ts';
import { findBarriers } from './find-barriers.ts';
import { findOverflow } from './find-overflow.ts';

/** As far as what is seen may move: an eye does not notice it. */
const MOST_SHIFT = 0.01;
/** What WCAG asks of reflow; a small telephone; a window of 1280 at 200 %. */
const NARROW_PX = [320, 360, 640] as const;

/** What each page keeps to. It is loaded once, and looked at by one test after another. */
export function describePages(trial: BrowserTrial): void {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await createVisitor(trial.browser, trial.console);
  });
  afterAll(() => visitor?.leave());

  describe.each(CONSOLE_PAGES)('the page $name', (one) => {
    const { mostBytes = MOST_BYTES, mostRequests = MOST_REQUESTS, opened } = one;
    beforeAll(() => visitor.visit(one));

    it('is small, asks for little and only here, and complains of nothing', async () => {
      const requests = visitor.requests();
      expect(await visitor.complaints()).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${trial.console.url}/`))).toEqual([]);
      expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(mostRequests);
      expect(visitor.transferredBytes()).toBeGreaterThan(1000);
      expect(visitor.transferredBytes()).toBeLessThanOrEqual(mostBytes);
    });

    it('stands still while it loads', async () => {
      expect(await visitor.layoutShift()).toBeLessThanOrEqual(MOST_SHIFT);
    });

    it('scrolls sideways in no narrow window, and at no large type', async () => {
      for (const width of NARROW_PX) expect(await findOverflow(visitor.page, width), `${width} px`).toEqual([]);
    });

    it('keeps nobody out by WCAG 2.2 AA: in a wide window and light, in a narrow one and dark', async () => {
      const { page } = visitor;
      await page.setViewportSize(WIDE);
      expect(await findBarriers(page, opened)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 640 });
      await page.emulateMedia({ colorScheme: 'dark' });
      const inTheDark = await findBarriers(page, opened);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(WIDE);
      expect(inTheDark).toEqual([]);
    });
  });
}
