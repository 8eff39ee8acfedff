import { describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { openWorkbench } from './sql-workbench.ts';

const NAME = 'runs-of-a-document';
const SQL =
  'SELECT document_name, count(*) AS runs FROM invocations WHERE document_name LIKE :document GROUP BY 1 ORDER BY 1';

/** Journeys of somebody who keeps a question as a report for others. */
export function describeReports(trial: BrowserTrial): void {
  describe('a person who keeps a question as a report', () => {
    it('saves it with its parameter, finds it among the reports, runs it by its form, and deletes it after confirming', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.type(SQL);
      await page.getByRole('textbox', { name: ':document' }).fill('AWS-%');
      await page.getByRole('button', { name: 'Save as a report' }).click();
      await page.getByRole('heading', { name: 'Save as a report' }).waitFor();
      await page.getByRole('textbox', { name: /^Name/ }).fill(NAME);
      await page.getByRole('textbox', { name: /^What the report answers/ }).fill('How often documents ran.');
      await page.getByRole('textbox', { name: 'What the parameter is for' }).fill('Only documents like this.');
      expect(await page.getByRole('textbox', { name: 'Default value' }).inputValue()).toBe('AWS-%');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('heading', { name: NAME }).waitFor();

      await page.goto('/reports');
      await page.getByRole('link', { name: NAME }).click();
      await page.getByRole('textbox', { name: 'document' }).fill('AWS-RunShell%');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('[data-summary]').waitFor();
      const [row, ...others] = await workbench.rows();
      expect(row?.[0]).toBe('AWS-RunShellScript');
      expect(Number(row?.[1])).toBeGreaterThan(0);
      expect(others).toEqual([]);

      await page.getByRole('link', { name: 'Delete' }).click();
      await page.getByRole('link', { name: 'Keep it' }).click();
      await page.getByRole('link', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete it' }).click();
      await page.getByRole('heading', { name: 'Reports', exact: true }).waitFor();
      expect(await page.getByRole('link', { name: NAME }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'what-ran' }).count()).toBe(1);
    });
  });
}
