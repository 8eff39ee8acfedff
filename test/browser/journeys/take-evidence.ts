import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import type { BrowserTrial } from '../browser-trial.ts';

/** Journeys of somebody who needs files that others can check without the archive. */
export function describeEvidence(trial: BrowserTrial): void {
  describe('a person who has to prove what ran', () => {
    it('makes an evidence pack of a view, and the pack can be verified without the archive', async () => {
      const page = await trial.openTab();
      await page.goto(
        '/invocations?documentName=AWS-RunShellScript&requestedAfter=2026-03-10&requestedBefore=2026-03-14',
      );
      const counted = await page.locator('.bar strong').textContent();
      await page.getByRole('link', { name: 'Evidence pack' }).click();
      await page.getByRole('heading', { name: 'Evidence pack' }).waitFor();
      expect(await page.getByRole('combobox', { name: 'Document' }).inputValue()).toBe('AWS-RunShellScript');
      await page.getByRole('textbox', { name: 'Requested before (UTC)' }).fill('2026-03-13');
      await page.getByRole('button', { name: 'Show what would be in it' }).click();
      await page.waitForURL(/requestedBefore=2026-03-13/);
      const invocations = Number((await page.locator('.pack strong').textContent())?.split(' ')[0]);
      expect(invocations).toBeGreaterThan(0);
      expect(invocations).toBeLessThan(Number(counted));

      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 30_000 }),
        // The button starts a download, which may take some time, and opens no page.
        page.getByRole('button', { name: 'Make and download it' }).click({ noWaitAfter: true }),
      ]);
      expect(download.suggestedFilename()).toBe('evidence-2026-03-10-to-2026-03-13.zip');
      const path = await download.path();
      const verdict = await verifyEvidence(path, []);
      expect(verdict).toMatchObject({ verdict: 'consistent', rows: invocations, faults: [] });
      await download.delete();
    });
  });
}
