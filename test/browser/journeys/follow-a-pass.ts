import { describe, expect, it, onTestFinished } from 'vitest';
import { PLACES } from '../../simulator/collect-month.ts';
import type { BrowserTrial } from '../browser-trial.ts';
import { columnOf } from './column-of.ts';

/** How long each reply takes. A pass of several replies one after another is then long enough to be watched. */
const SLOW_MS = 200;

/** Journeys of somebody who wants to see what the collector does now, and what it did before. */
export function describeCollecting(trial: BrowserTrial): void {
  describe('a person who collects', () => {
    it('starts a pass, is led to its page, and sees it go on and end without reloading', async () => {
      const { faults } = trial.console.simulator;
      Object.assign(faults, { slowRate: 1, slowMs: SLOW_MS });
      onTestFinished(() => void Object.assign(faults, { slowRate: 0 }));
      const page = await trial.openTab();
      await page.goto('/collector');
      await page.getByRole('button', { name: 'Start a pass' }).click();
      await page.waitForURL(/\/collector\/passes\//);
      const path = page.url();
      await page.getByText('This page shows the progress of the pass while it runs.').waitFor();
      const calls = page.locator('[data-pass] [data-member=calls]').first();
      await expect
        .poll(async () => Number(await calls.textContent({ timeout: 1000 }).catch(() => 0)))
        .toBeGreaterThan(0);

      await page.locator('.facts .status-good', { hasText: 'complete' }).waitFor();
      expect(page.url()).toBe(path);
      expect(await page.locator('[data-live]').count()).toBe(0);
      const sources = await page.locator('[data-source]').count();
      expect(sources).toBe(PLACES.length);
      const sweeps = page.getByRole('region', { name: 'Sweeps' }).locator('tbody tr');
      expect(await sweeps.count()).toBeGreaterThanOrEqual(sources);
    });

    it('goes from a day of coverage to the listings of that day', async () => {
      const page = await trial.openTab();
      await page.goto('/coverage');
      await page.getByRole('link', { name: '2026-03-20: complete' }).first().click();
      await page.getByRole('heading', { name: 'Sweeps', level: 1 }).waitFor();
      const { searchParams } = new URL(page.url());
      expect(searchParams.get('day')).toBe('2026-03-20');
      const [place] = PLACES;
      expect(new Set(await columnOf(page, 'Account'))).toEqual(new Set([place.accountId]));
      expect(await columnOf(page, 'Outcome')).toContain('complete');
      const pass = page.getByRole('row').last().getByRole('link', { name: /^run-/ });
      const name = await pass.textContent();
      await pass.click();
      await page.getByRole('heading', { name: `Pass ${name}` }).waitFor();
    });
  });
}
