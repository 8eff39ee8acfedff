import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { MOST_BYTES, MOST_REQUESTS } from '../console-page.ts';
import { CONSOLE_PAGES } from '../console-pages.ts';
import { createVisitor, type Visitor, WIDE } from '../create-visitor.ts';
import { findBarriers, findBarriersByLooks } from '../find-barriers.ts';
import { findOverflow } from '../find-overflow.ts';

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
    const { mostBytes = MOST_BYTES, mostRequests = MOST_REQUESTS, mostShift = MOST_SHIFT, opened, isVariant } = one;
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
      let shift = await visitor.layoutShift();
      // Where a busy machine shows a table before its last rows have come, its columns move: only what moves each time is the page's doing.
      for (let again = 0; shift > mostShift && again < 2; again++) {
        await visitor.visit(one);
        shift = await visitor.layoutShift();
      }
      expect(shift).toBeLessThanOrEqual(mostShift);
    });

    it('scrolls sideways in no narrow window, and at no large type', async () => {
      for (const width of NARROW_PX) expect(await findOverflow(visitor.page, width), `${width} px`).toEqual([]);
    });

    // Of a variant all of it in the dark: in the light its page was looked at.
    it('keeps nobody out by WCAG 2.2 AA: in a wide window and light, in a narrow one and dark', async () => {
      const { page } = visitor;
      await page.setViewportSize(WIDE);
      const inTheLight = isVariant ? [] : await findBarriers(page, opened);
      await page.setViewportSize({ width: 360, height: 640 });
      await page.emulateMedia({ colorScheme: 'dark' });
      const inTheDark = isVariant ? await findBarriers(page, opened) : await findBarriersByLooks(page, opened);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(WIDE);
      expect(inTheLight).toEqual([]);
      expect(inTheDark).toEqual([]);
    });
  });
}
