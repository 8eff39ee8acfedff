import { describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { columnOf } from './column-of.ts';
import { drawOver } from './draw-over.ts';
import { inArchive } from './in-archive.ts';

/** Journeys through spans, filters, orders, columns and pages. */
export function describeNarrowing(trial: BrowserTrial): void {
  describe('a person who narrows a list', () => {
    it('selects a span by dragging over the chart, and sees the list for that span', async () => {
      const page = await trial.openTab();
      await page.goto('/');
      const bars = page.locator('.plot a');
      const before = await page.locator('.figure').first().textContent();
      await drawOver(page, 2, 5);
      await page.waitForURL(/from=/);
      const { searchParams } = new URL(page.url());
      expect([searchParams.get('from'), searchParams.get('to')]).toEqual(['2026-03-04', '2026-03-08']);
      expect(await bars.first().getAttribute('aria-label')).toContain('2026-03-04');
      expect(await page.locator('.figure').first().textContent()).not.toBe(before);
    });

    it('removes a filter by its chip and keeps the others', async () => {
      const page = await trial.openTab();
      await page.goto('/invocations?status=Failed&documentName=AWS-RunShellScript');
      const failed = Number(await page.locator('.bar strong').textContent());
      await page.getByRole('link', { name: 'Remove Status Failed' }).click();
      await page.waitForURL((url) => !url.searchParams.has('status'));
      expect(Number(await page.locator('.bar strong').textContent())).toBeGreaterThan(failed);
      expect(new Set(await columnOf(page, 'Document'))).toEqual(new Set(['AWS-RunShellScript']));
    });

    it('chooses order and columns, and keeps them on the next page', async () => {
      const page = await trial.openTab();
      await page.goto('/invocations');
      await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest request first');
      await page.getByText('Columns', { exact: true }).click();
      for (const name of ['Comment', 'Command', 'Account', 'Region'])
        await page.getByRole('checkbox', { name, exact: true }).uncheck();
      await page.getByRole('checkbox', { name: 'Version' }).check();
      await page.getByRole('button', { name: 'Find' }).click();
      await page.waitForURL(/column=/);
      const columns = await page.locator('thead th').allTextContents();
      expect(columns).toEqual(['Requested', 'Status', 'Document', 'Version', 'Node']);
      const first = await columnOf(page, 'Requested');
      expect(first).toEqual([...first].sort());
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.waitForURL(/cursor=/);
      expect(await page.locator('thead th').allTextContents()).toEqual(columns);
      const second = await columnOf(page, 'Requested');
      expect(second.length).toBeGreaterThan(0);
      expect(String(second[0]) >= String(first.at(-1))).toBe(true);
    });

    it('is offered the archive’s nodes while typing the beginning of a node’s id', async () => {
      const page = await trial.openTab();
      await page.goto('/invocations');
      const offered = () =>
        page.evaluate<string[]>("[...document.querySelectorAll('#known-instanceId option')].map(({ value }) => value)");
      await page.getByRole('combobox', { name: 'Node', exact: true }).pressSequentially('i-0');
      const nodes = inArchive(trial.console.archive, (archive) =>
        archive
          .prepare<[], string>(
            "SELECT DISTINCT instance_id FROM invocations WHERE instance_id GLOB 'i-0*' ORDER BY 1 LIMIT 20",
          )
          .pluck()
          .all(),
      );
      expect(nodes.length).toBeGreaterThan(5);
      await expect.poll(async () => (await offered()).sort()).toEqual(nodes);
    });
  });
}
