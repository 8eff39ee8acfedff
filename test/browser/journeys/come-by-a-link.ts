import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BrowserTrial } from '../browser-trial.ts';
import { openOtherSite } from '../consoles/other-site.ts';
import { findBarriers } from '../find-barriers.ts';
import { columnOf } from './column-of.ts';

const Log = z.object({ items: z.array(z.object({ path: z.string(), query: z.string(), sql: z.string().nullable() })) });
const COUNTS = 'SELECT document_name, count(*) AS n FROM invocations GROUP BY 1 ORDER BY 1';

/** What pages of other sites can make a browser do with the console, and what they cannot. */
export function describeLinks(trial: BrowserTrial): void {
  /** Follows the only link on a page of another site. The link leads to this path of the console. */
  const linked = async (page: Page, path: string, site: 'cross-site' | 'same-site' = 'cross-site') => {
    const href = (trial.console.url + path).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const other = await openOtherSite(`<!doctype html><title>A ticket</title><a href="${href}">See there</a>`);
    await page.goto(other[site]);
    await page.getByRole('link', { name: 'See there' }).click();
    await page.waitForURL((url) => url.origin === trial.console.url);
  };
  const notRun = (page: Page) => page.getByText('this has not been run');

  describe('a person who follows a link on another site', () => {
    it('sees a saved search filled in, can load the page again, and runs the search by a click', async () => {
      const page = await trial.openTab();
      await linked(page, '/invocations?status=Failed&documentName=AWS-RunShellScript&sort=requestedAt');
      await notRun(page).waitFor();
      expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('Failed');
      expect(await page.locator('[data-rows] tbody tr').count()).toBe(0);
      // On reload Chromium sends the same headers again, which say that another site's page led here.
      await page.reload();
      await notRun(page).waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole('link', { name: 'Run', exact: true }).click();
      await page.locator('[data-rows] tbody tr').first().waitFor();
      expect(new Set(await columnOf(page, 'Document'))).toEqual(new Set(['AWS-RunShellScript']));
      expect(await page.getByRole('combobox', { name: 'Order' }).inputValue()).toBe('requestedAt');
      await page.reload();
      expect(await notRun(page).count()).toBe(0);
      expect(await page.locator('[data-rows] tbody tr').count()).toBeGreaterThan(0);
    });

    it('runs a question in SQL by the button of the page, and sees its chart', async () => {
      const page = await trial.openTab();
      const query = new URLSearchParams({ sql: COUNTS });
      await linked(page, `/sql?${query}#chart=bars&x=document_name&y=n`, 'same-site');
      await notRun(page).waitFor();
      await page.locator('.cm-editor').waitFor();
      const remembered = page.locator('.history li', { hasText: COUNTS });
      expect(await remembered.count()).toBe(0);
      // Going to a place within the page, and back, does not run the question.
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.evaluate("location.hash = '#main'; history.back()");
      await page.waitForURL(/#chart/);
      await page.evaluate('new Promise((later) => setTimeout(later, 200))');
      expect(asked).toEqual([]);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('img', { name: /^Bars of n by document_name/ }).waitFor();
      expect(await notRun(page).count()).toBe(0);
      expect(await remembered.count()).toBe(1);
    });

    it('runs a report by a click, and sees the chart that the link chose', async () => {
      const page = await trial.openTab();
      await linked(page, '/reports/failures-by-document-and-week?from=2026-03-01&to=2026-04-01#chart=bars');
      await notRun(page).waitFor();
      expect(await page.getByRole('textbox', { name: 'from' }).inputValue()).toBe('2026-03-01');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('[data-grid]').waitFor();
      expect(new URL(page.url()).hash).toBe('#chart=bars');
    });

    it('opens a download from a page of this server', async () => {
      const page = await trial.openTab();
      await linked(page, '/v1/invocations?status=Failed&format=csv');
      await page.getByText('/v1/invocations?status=Failed&format=csv').waitFor();
      expect(await findBarriers(page)).toEqual([]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Open it' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^invocations-.*\.csv$/);
    });

    it('sees an invocation or the overview at once', async () => {
      const page = await trial.openTab();
      await linked(page, '/');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(await notRun(page).count()).toBe(0);
      await page.getByRole('link', { name: 'Invocations', exact: true }).first().click();
      await page.locator('[data-rows] tbody tr').first().waitFor();
    });
  });

  describe('a person who comes back from single sign-on', () => {
    it('sees the page that was asked for', async () => {
      const page = await trial.openTab();
      const to = encodeURIComponent(`${trial.console.url}/commands`);
      const other = await openOtherSite(`<!doctype html><title>Log in</title><a href="/back?to=${to}">Log in</a>`);
      await page.goto(other['cross-site']);
      await page.getByRole('link', { name: 'Log in' }).click();
      await page.locator('[data-rows] tbody tr').first().waitFor();
      expect(await page.getByRole('heading', { name: 'Commands' }).count()).toBe(1);
    });
  });

  describe('a person who tries the API', () => {
    it('gets answers by “Try it out”, although a link on another site led to the documentation', async () => {
      const page = await trial.openTab();
      await linked(page, '/docs#/Reports/listReports');
      const operation = page.locator('#operations-Reports-listReports');
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
      expect(await operation.locator('.live-responses-table').textContent()).toContain('failures-by-document-and-week');
    });
  });

  describe('a page of another site', () => {
    const SLOW = "SELECT 'stolen', count(*) FROM plugin_runs AS a, plugin_runs AS b WHERE a.output LIKE '%secret%'";

    it.each(['cross-site', 'same-site'] as const)(
      'cannot make SQL run, whatever it loads or opens, and cannot observe what it opens (%s)',
      async (site) => {
        const page = await trial.openTab({});
        const sql = encodeURIComponent(SLOW);
        const paths = [`/v1/sql?sql=${sql}`, `/sql?sql=${sql}`, '/invocations?q=stolen', '/v1/invocations?q=stolen'];
        const other = await openOtherSite('<!doctype html><title>Evil</title><p>Nothing to see');
        await page.goto(other[site]);
        const load = ([url, how]: [string, string]) =>
          page.evaluate<string>(`(async ([url, how]) => {
            if (how.startsWith('fetch')) return fetch(url, { mode: how.slice(6) }).then(() => 'loaded', () => 'refused');
            const element = document.createElement(how);
            const ended = new Promise((done) => {
              element.onload = () => done(how === 'iframe' ? 'shown' : 'loaded');
              element.onerror = () => done('refused');
              setTimeout(() => done('nothing'), 3000);
            });
            element[how === 'link' ? 'href' : how === 'object' ? 'data' : 'src'] = url;
            if (how === 'link') element.rel = 'stylesheet';
            document.body.append(element);
            return ended;
          })(${JSON.stringify([url, how])})`);
        for (const path of paths) {
          for (const how of ['fetch no-cors', 'fetch cors', 'script', 'img', 'link', 'object'])
            expect([path, how, await load([trial.console.url + path, how])]).toEqual([path, how, 'refused']);
          await load([trial.console.url + path, 'iframe']);
          const [opened] = await Promise.all([
            page.waitForEvent('popup'),
            page.evaluate(`window.opened = open(${JSON.stringify(trial.console.url + path)}); undefined`),
          ]);
          await opened.waitForLoadState();
          await opened.getByText('this has not been run').waitFor();
          await expect.poll(() => page.evaluate<boolean>('window.opened.closed')).toBe(true);
          await opened.close();
        }
        await page.evaluate(`(() => {
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', action: '${trial.console.url}/collector/passes' });
          document.body.append(form);
          form.submit();
        })()`);
        await page.getByText('A page of another site cannot use this server').waitFor();

        const log = await fetch(`${trial.console.url}/v1/access-log?limit=1000`);
        const { items } = Log.parse(await log.json());
        // The pages that were opened are in the access log, but no query was run, and no download was made.
        expect(items.filter((item) => item.sql?.includes('stolen'))).toEqual([]);
        const asked = items.filter((item) => item.query.includes('stolen')).map((item) => item.path);
        expect(new Set(asked)).toEqual(new Set(['/sql', '/invocations']));
      },
    );
  });
}
