import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { MOST_BYTES, MOST_REQUESTS } from '../console-page.ts';
import { CONSOLE_PAGES } from '../console-pages.ts';
import { createVisitor, type Visitor, WIDE } from '../create-visitor.ts';
import { findBarriers, findBarriersByLooks } from '../find-barriers.ts';
import { findOverflow } from '../find-overflow.ts';

/** How far visible content may move: people do not notice such a small move. */
const MOST_SHIFT = 0.01;
/** Window widths: the width at which WCAG asks for reflow, a small telephone, and a window of 1280 pixels at 200 %. */
const NARROW_PX = [320, 360, 640] as const;

/** Tests what every page must satisfy. A page is loaded once, and one test after another checks it. */
export function describePages(trial: BrowserTrial): void {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await createVisitor(trial.browser, trial.console);
  });
  afterAll(() => visitor?.leave());

  describe.each(CONSOLE_PAGES)('the page $name', (one) => {
    const { mostBytes = MOST_BYTES, mostRequests = MOST_REQUESTS, mostShift = MOST_SHIFT, opened, isVariant } = one;
    beforeAll(() => visitor.visit(one));

    it('is small, sends few requests and only to this server, and logs no error', async () => {
      const requests = visitor.requests();
      expect(await visitor.complaints()).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${trial.console.url}/`))).toEqual([]);
      expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(mostRequests);
      expect(visitor.transferredBytes()).toBeGreaterThan(1000);
      expect(visitor.transferredBytes()).toBeLessThanOrEqual(mostBytes);
    });

    it('does not move while it loads', async () => {
      let shift = await visitor.layoutShift();
      // If a busy machine shows a table before its last rows have come, the columns move. So the test fails only if the
      // page moves on each of three loads.
      for (let again = 0; shift > mostShift && again < 2; again++) {
        await visitor.visit(one);
        shift = await visitor.layoutShift();
      }
      expect(shift).toBeLessThanOrEqual(mostShift);
    });

    it('never scrolls sideways, neither in a narrow window nor with large type', async () => {
      for (const width of NARROW_PX) expect(await findOverflow(visitor.page, width), `${width} px`).toEqual([]);
    });

    // A variant of a page is checked in full only in dark colours, because the page itself was checked in light ones.
    it('has no barrier by WCAG 2.2 AA, neither in light colours in a wide window nor in dark colours in a narrow window', async () => {
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
