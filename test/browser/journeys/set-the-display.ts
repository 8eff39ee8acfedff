import { describe, expect, it } from 'vitest';
import { type BrowserTrial, TIME_ZONE } from '../browser-trial.ts';
import { columnOf } from './column-of.ts';

const BACKGROUND = 'getComputedStyle(document.documentElement).backgroundColor';

/** Journeys of a person who changes the time zone or the colours, uses keys, or prints. */
export function describeDisplay(trial: BrowserTrial): void {
  describe('a person who changes the display', () => {
    it('sees times in the browser’s time zone by one button, and in UTC again by another', async () => {
      const page = await trial.openTab();
      await page.goto('/invocations');
      const [inUtc = ''] = await columnOf(page, 'Requested');
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: TIME_ZONE }).click();
      await page.locator('.menu summary', { hasText: TIME_ZONE }).waitFor();
      const [inTokyo = ''] = await columnOf(page, 'Requested');
      expect(Date.parse(`${inTokyo}Z`) - Date.parse(`${inUtc}Z`)).toBe(9 * 3_600_000);
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: 'UTC', exact: true }).click();
      await page.locator('.menu summary', { hasText: 'UTC' }).waitFor();
      expect(await columnOf(page, 'Requested')).toContain(inUtc);
    });

    it('chooses dark colours for every page from then on, although the system’s colours are light', async () => {
      const page = await trial.openTab();
      await page.goto('/');
      const light = await page.evaluate<string>(BACKGROUND);
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: 'Dark' }).click();
      await page.locator('html[data-theme=dark]').waitFor();
      const dark = await page.evaluate<string>(BACKGROUND);
      expect(dark).not.toBe(light);
      await page.goto('/coverage');
      expect(await page.evaluate<string>(BACKGROUND)).toBe(dark);
    });

    it('sees the list of keys by pressing a key, goes to a page by keys, and can turn the keys off', async () => {
      const page = await trial.openTab();
      await page.goto('/');
      const help = page.getByRole('dialog', { name: 'Keys' });
      await page.keyboard.press('?');
      await help.waitFor();
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'hidden' });
      await page.keyboard.press('g');
      await page.keyboard.press('c');
      await page.waitForURL('/coverage');

      await page.goto('/display');
      await page.getByRole('radio', { name: 'do nothing' }).check();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('html[data-keys=off]').waitFor();
      await page.keyboard.press('?');
      expect(await help.isVisible()).toBe(false);
    });

    it('prints a page without the links that only lead to other pages', async () => {
      const page = await trial.openTab();
      await page.goto('/invocations?status=Failed');
      const navigation = page.getByRole('navigation', { name: 'Sections' });
      expect(await navigation.getByRole('link').first().isVisible()).toBe(true);
      await page.emulateMedia({ media: 'print' });
      expect(await navigation.getByRole('link').first().isVisible()).toBe(false);
      expect(await page.getByRole('button', { name: 'Find' }).isVisible()).toBe(false);
      expect(await page.getByRole('table').isVisible()).toBe(true);
    });
  });
}
