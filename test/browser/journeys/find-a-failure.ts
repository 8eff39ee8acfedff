import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { columnOf } from './column-of.ts';
import { firstIn } from './in-archive.ts';

interface Failure {
  document: string;
  node: string;
  command: string;
  output: string;
}

const FAILURE = `SELECT document_name AS document, instance_id AS node, command_id AS command, output FROM plugin_runs
  WHERE invocation_status = 'Failed' AND output LIKE '%_' AND output NOT LIKE '%' || char(27) || '%' AND requested_at > '2026-03-03'
  ORDER BY requested_at DESC LIMIT 1`;

/** Journeys from the overview to the output of one failed run. */
export function describeFailures(trial: BrowserTrial): void {
  describe('a person who looks for what failed', () => {
    it('goes from the overview to a month’s failures, then to the failures of one node, and then to the output and facts of one failed run', async () => {
      await findFailure(await trial.openTab(), firstIn<Failure>(trial.console.archive, FAILURE));
    });

    it('goes from the overview to one run’s output even without scripts', async () => {
      await findFailure(
        await trial.openTab({ javaScriptEnabled: false }),
        firstIn<Failure>(trial.console.archive, FAILURE),
      );
    });

    it('needs no mouse: a search, a row and its output can be reached by keys alone', async () => {
      const page = await trial.openTab();
      const focused = () => page.evaluate<string>('document.activeElement.name || document.activeElement.textContent');
      await page.goto('/');
      await page.keyboard.press('/');
      await page.waitForURL(/\/invocations/);
      await expect.poll(focused).toBe('q');
      await page.keyboard.type('filesystem');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=filesystem/);
      const found = await columnOf(page, 'Requested');
      expect(found.length).toBeGreaterThan(3);
      for (const key of 'jjjk') await page.keyboard.press(key);
      expect(await focused()).toBe(found[1]);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/invocations\/\d+\//);
      expect(await page.locator('.output').first().textContent()).toContain('Filesystem');
    });
  });
}

async function findFailure(page: Page, { document, node, command, output }: Failure): Promise<void> {
  await page.goto('/');
  const failing = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: document, exact: true }) });
  const failures = failing.getByRole('link', { name: /that did not succeed$/ });
  const number = await failures.textContent();
  await failures.click();
  await page.getByRole('heading', { name: 'Invocations', level: 1 }).waitFor();
  expect(await page.locator('.bar strong').textContent()).toBe(number);
  expect(new Set(await columnOf(page, 'Document'))).toEqual(new Set([document]));
  expect(await columnOf(page, 'Status')).not.toContain('Success');

  await page.getByRole('combobox', { name: 'Node', exact: true }).fill(node);
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('link', { name: `Remove Node ${node}` }).waitFor();
  const nodes = (await columnOf(page, 'Node')).map((text) => text.split(/\s/)[0]);
  expect(nodes.length).toBeGreaterThan(0);
  expect(new Set(nodes)).toEqual(new Set([node]));

  const own = page.getByRole('link', { name: `Command ${command}` });
  await page.getByRole('row').filter({ has: own }).getByRole('link').first().click();
  await page.getByRole('heading', { name: `${document} on ${node}` }).waitFor();
  expect(await page.locator('.output').first().textContent()).toBe(output.replaceAll('\r\n', '\n'));
  expect(await page.getByRole('link', { name: /^proof of inclusion, leaf \d+$/ }).count()).toBeGreaterThan(0);
}
