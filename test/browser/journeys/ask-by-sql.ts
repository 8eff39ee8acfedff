import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { openWorkbench } from './sql-workbench.ts';

const BY_DOCUMENT = 'SELECT document_name, count(*) AS n FROM invocations GROUP BY 1 ORDER BY n DESC, 1';
const ENDLESS = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

/** Journeys of somebody who asks questions in SQL. */
export function describeSql(trial: BrowserTrial): void {
  describe('a person who asks by SQL', () => {
    it('gets names completed, runs the query by the keyboard, and can distinguish NULL from a text', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await page.getByRole('textbox', { name: /Question/ }).click();
      await page.keyboard.type('SELECT * FROM invoc');
      await page.getByRole('option', { name: 'invocations', exact: true }).waitFor();
      // A list that has just appeared ignores keys: somebody may still be typing.
      await page.waitForTimeout(200);
      await page.keyboard.press('Enter');
      await expect.poll(workbench.question).toBe('SELECT * FROM invocations');
      await page.keyboard.type(' ORDER BY id LIMIT 3');
      await page.keyboard.press('Control+Enter');
      await page.locator('[data-summary]', { hasText: '3 rows in' }).waitFor();
      expect((await workbench.rows()).length).toBe(3);
      expect(await page.locator('[data-grid] em.null').first().textContent()).toBe('NULL');
      expect(new URL(page.url()).searchParams.get('sql')).toBe('SELECT * FROM invocations ORDER BY id LIMIT 3');

      await workbench.ask("SELECT NULL, '', 'NULL'");
      expect(await workbench.rows()).toEqual([['NULL', '', 'NULL']]);
      expect(await page.locator('[data-grid] em.null').count()).toBe(1);
    });

    it('sees where a query is wrong, and sees the query plan of another query', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.ask('SELECT id, no_such_thing FROM invocations');
      expect(await page.locator('#result [role=alert]').textContent()).toContain('no_such_thing');
      expect(await page.locator('.cm-editor .faulty').textContent()).toBe('no_such_thing');
      await workbench.type('SELECT * FROM invocations WHERE id = 1');
      await page.getByRole('button', { name: 'Explain' }).click();
      expect(await page.locator('[data-plan]').textContent()).toMatch(/SEARCH invocations/);
      expect(await page.locator('.cm-editor .faulty').count()).toBe(0);
    });

    it('draws the answer as a chart, and copies a link that shows others the query, its rows and the chart', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.ask(BY_DOCUMENT);
      const rows = await workbench.rows();
      await page.getByRole('combobox', { name: 'Chart' }).selectOption('Bars');
      await page.getByRole('combobox', { name: 'Across' }).selectOption('document_name');
      await page.getByRole('combobox', { name: 'Up' }).selectOption('n');
      const told = `Bars of n by document_name, ${rows.length} points.`;
      await page.getByRole('img', { name: told }).waitFor();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByText('The link was copied.').waitFor();
      const link = await page.evaluate<string>('navigator.clipboard.readText()');

      // The server sends the page without a chart, which the script then draws.
      const other = await trial.openTab({});
      const theirs = await openWorkbench(other, link);
      await other.getByRole('img', { name: told }).waitFor();
      expect(await theirs.rows()).toEqual(rows);
      expect(await theirs.question()).toBe(BY_DOCUMENT);
    });

    it('gets a series for each value of a second column, with a legend, and no chart if no kind of chart fits the rows', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      const rows = "VALUES ('W43', 'Success', 40), ('W43', 'Failed', 5), ('W44', 'Success', 30)";
      await workbench.ask(`SELECT column1 AS week, column2 AS status, column3 AS n FROM (${rows})`);
      await page.getByRole('combobox', { name: 'Chart' }).selectOption('Bars');
      const told = (kind: string) => `${kind} of n by week, one for each status (Success, Failed), 3 points.`;
      await page.getByRole('img', { name: told('Bars') }).waitFor();
      expect(await page.locator('.legend').textContent()).toBe('status:SuccessFailed');
      expect(await page.getByRole('combobox', { name: 'A series for each' }).inputValue()).toBe('status');
      await page.getByRole('combobox', { name: 'Chart' }).selectOption('Stacked bars');
      await page.getByRole('img', { name: told('Stacked bars') }).waitFor();
      await page.locator('.plot-of-result .u-over').hover({ position: { x: 100, y: 100 } });
      await page.getByText('week W43: Success 40, Failed 5').waitFor();

      // The link keeps the choice of a chart. A table in which no column distinguishes the rows has no chart.
      expect(new URL(page.url()).hash).toBe('#chart=stacked&x=week&y=n&by=status');
      await page.reload();
      await page.getByRole('img', { name: told('Stacked bars') }).waitFor();
      await workbench.ask("SELECT column1 AS week, column2 AS n FROM (VALUES ('W43', 4), ('W43', 4), ('W44', 3))");
      await page.getByText('Several rows have the same week').waitFor();
      expect(await page.locator('.plot-of-result').count()).toBe(0);
    });

    it('finds earlier queries again, and can clear them', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.ask('SELECT 1 AS first');
      await workbench.ask('SELECT 2 AS second');
      await openWorkbench(page);
      const history = page.locator('.history');
      await history.locator('summary').click();
      const questions = await history.locator('li button').allTextContents();
      expect(questions.slice(0, 2)).toEqual(['SELECT 2 AS second', 'SELECT 1 AS first']);
      await history.getByRole('button', { name: 'SELECT 1 AS first' }).click();
      await expect.poll(workbench.question).toBe('SELECT 1 AS first');
      await page.getByRole('button', { name: 'Clear the history' }).click();
      expect(await history.locator('li').count()).toBe(0);
    });

    it('can cancel a query that never ends, and run another one', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.type(ENDLESS);
      // A button that moves when the first tenth of a second is shown can be missed by a click. Only a script of the page
      // itself is fast enough to see where the button is before that.
      const before = await page.evaluate<number>(`(() => {
        document.querySelector('form button[type=submit]:not([formaction]):not([name])').click();
        return document.querySelector('.progress button').getBoundingClientRect().x;
      })()`);
      await page.locator('.progress', { hasText: /[1-9] s/ }).waitFor();
      expect((await page.getByRole('button', { name: 'Cancel' }).boundingBox())?.x).toBe(before);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Cancelled.').waitFor();
      await workbench.ask('SELECT 3');
      expect(await workbench.rows()).toEqual([['3']]);
    });

    it('downloads all rows as a file, as the API returns them', async () => {
      const page = await trial.openTab();
      const workbench = await openWorkbench(page);
      await workbench.ask(BY_DOCUMENT);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'CSV for programs', exact: true }).click(),
      ]);
      const file = readFileSync(await download.path(), 'utf8');
      const query = new URLSearchParams({ sql: BY_DOCUMENT, format: 'csv' });
      expect(file).toBe(await (await fetch(`${trial.console.url}/v1/sql?${query}`)).text());
      const rows = await workbench.rows();
      expect(file.trim().split('\r\n').slice(1)).toEqual(rows.map((row) => row.join(',')));
    });

    it('continues by SQL from a view of invocations, with as many rows as the view counts', async () => {
      const page = await trial.openTab();
      await page.goto(
        '/invocations?status=Failed&requestedAfter=2026-03-05&requestedBefore=2026-03-25&q=error+OR+filesystem',
      );
      const counted = await page.locator('.bar strong').textContent();
      await page.getByRole('link', { name: 'SQL', exact: true }).last().click();
      await page.locator('.cm-editor').waitFor();
      await page.locator('[data-summary]').waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('.progress [role=status]', { hasText: / rows? in/ }).waitFor();
      expect(Number(counted)).toBeGreaterThan(0);
      expect(await page.locator('[data-summary] strong').textContent()).toMatch(new RegExp(`^${counted} rows? in`));
    });
  });
}
