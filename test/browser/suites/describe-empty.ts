import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { createVisitor, type Visitor, WIDE } from '../create-visitor.ts';
import { findBarriers } from '../find-barriers.ts';
import { findOverflow } from '../find-overflow.ts';

/** Pages that are seen before anything was collected, and what each of them says then. */
const PAGES = [
  ['/', 'Nothing is collected yet'],
  ['/invocations', 'The archive has no invocations yet'],
  ['/commands', 'The archive has no commands yet'],
  ['/nodes', 'The archive has no nodes yet'],
  ['/documents', 'The archive has no documents yet'],
  ['/coverage', 'Nothing has been collected yet'],
  ['/integrity', 'Integrity'],
  ['/collector', 'Start a pass'],
] as const;

/** Tests the pages of an archive that has nothing. */
export function describeEmpty(trial: BrowserTrial): void {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await createVisitor(trial.browser, trial.empty);
  });
  afterAll(() => visitor?.leave());

  describe('an archive that has nothing yet', () => {
    it.each(PAGES)('is described as empty, without an error, on the page %s', async (path, sentence) => {
      const { page } = visitor;
      await visitor.visit({ name: path, path });
      expect(await page.locator('main').textContent()).toContain(sentence);
      expect(await visitor.complaints()).toEqual([]);
      expect(await findOverflow(page, 320)).toEqual([]);
      await page.setViewportSize(WIDE);
    });

    it('has no accessibility barrier on its first page', async () => {
      await visitor.visit({ name: 'first', path: '/' });
      expect(await findBarriers(visitor.page)).toEqual([]);
    });
  });
}
