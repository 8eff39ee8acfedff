import { describe, expect, it } from 'vitest';
import { pathOfInvocation } from '../../../src/http/console/parts/values/paths.ts';
import type { BrowserTrial } from '../browser-trial.ts';
import { keyOfDiffering } from '../paths-in-archive.ts';
import { inArchive } from './in-archive.ts';

/** Journeys of somebody who wants to know what was different in the previous run. */
export function describeComparing(trial: BrowserTrial): void {
  describe('a person who asks what was different in the previous run', () => {
    it('opens the differences between a run and the run before it, and can swap the two', async () => {
      const key = inArchive(trial.console.archive, keyOfDiffering);
      const page = await trial.openTab();
      const linesOf = (tag: 'ins' | 'del') => page.locator(`pre.output ${tag}`).allTextContents();
      const memberOf = (name: string) => page.getByRole('row').filter({ hasText: name }).first().getByRole('cell');
      await page.goto(pathOfInvocation(key));
      await page.getByRole('link', { name: 'Compare with the run before' }).click();
      await page.getByRole('heading', { name: 'Compare two runs' }).waitFor();
      const [own, before] = await memberOf('commandId').allTextContents();
      expect(own).toBe(key.commandId);
      expect(before).not.toBe(own);
      const [left, right] = [await linesOf('del'), await linesOf('ins')];
      expect(left.length + right.length).toBeGreaterThan(0);
      expect(left.every((line) => line.startsWith('-')) && right.every((line) => line.startsWith('+'))).toBe(true);

      await page.getByRole('link', { name: 'Swap sides' }).click();
      await page.waitForURL((url) => url.searchParams.get('right')?.includes(key.commandId) === true);
      expect(await memberOf('commandId').allTextContents()).toEqual([before, own]);
      const textsOf = (lines: string[]) => lines.map((line) => line.slice(1)).sort();
      expect(textsOf(await linesOf('del'))).toEqual(textsOf(right));
      expect(textsOf(await linesOf('ins'))).toEqual(textsOf(left));
    });
  });
}
