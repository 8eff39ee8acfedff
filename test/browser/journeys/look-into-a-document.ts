import { describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { pathOfSomeDocument } from '../paths-in-archive.ts';
import { drawOver } from './draw-over.ts';
import { inArchive } from './in-archive.ts';

/** Journeys through the runs and nodes of a document, and through time. */
export function describeDocuments(trial: BrowserTrial): void {
  describe('a person who looks into a document', () => {
    it('goes from the overview’s failures to the document’s page, and by a red cell of its grid to a failed run', async () => {
      const page = await trial.openTab();
      await page.goto('/');
      const failing = page.locator('section', { hasText: 'What did not succeed, by document' }).getByRole('listitem');
      const link = failing.first().getByRole('link').first();
      const document = await link.textContent();
      await link.click();
      await page.getByRole('heading', { name: String(document), level: 1, exact: true }).waitFor();
      const cell = page.locator('a.cell-bad').first();
      const told = await cell.getAttribute('aria-label');
      await cell.click();
      await page.waitForURL(/\/invocations\//);
      const [, node = '', status = ''] = /on (\S+): (.*)$/.exec(String(told)) ?? [];
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`${document} on ${node}`);
      expect(status).toMatch(/Failed|TimedOut|Cancelled/);
      expect(await page.locator('.facts .status-bad').count()).toBe(1);
    });

    it('selects a span by dragging, chooses a usual span by a link, and gets an error for a text that is not a date', async () => {
      const path = inArchive(trial.console.archive, pathOfSomeDocument);
      const page = await trial.openTab();
      await page.goto(path);
      const bars = page.locator('.plot a');
      // Thirty days up to 2026-03-31.
      await drawOver(page, 4, 9);
      await page.waitForURL(/from=/);
      const { pathname, searchParams } = new URL(page.url());
      expect(pathname).toBe(path);
      expect([searchParams.get('from'), searchParams.get('to')]).toEqual(['2026-03-06', '2026-03-12']);
      expect(await bars.first().getAttribute('aria-label')).toContain('2026-03-06');

      await page.getByRole('link', { name: '90 days' }).click();
      await page.waitForURL((url) => url.searchParams.get('from') === '2026-01-01');
      expect(await page.getByRole('link', { name: '90 days' }).getAttribute('aria-current')).toBe('true');
      expect(await bars.count()).toBeGreaterThan(10);

      await page.getByRole('textbox', { name: 'From (UTC)' }).fill('last week');
      await page.getByRole('button', { name: 'Show' }).click();
      expect(await page.getByRole('alert').textContent()).toMatch(
        /must be a date.*not "last week"\. The same page without it/,
      );
      expect(await bars.count()).toBe(0);
      expect(await page.getByRole('textbox', { name: 'From (UTC)' }).inputValue()).toBe('last week');
    });
  });
}
