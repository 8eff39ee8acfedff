import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { startAuditConsole } from '../audit/audit-console.ts';
import { BANK, COMMANDS, NODES, PROD } from '../audit/audit-inputs.ts';
import type { BrowserTrial } from '../browser-trial.ts';
import type { Server } from '../consoles/start-server.ts';

const MARCH = 'requestedAfter=2026-03-01&requestedBefore=2026-04-01';
/** A click does not wait for the page to which it leads. */
const INVOCATION = /\/invocations\/\d{12}\//;
const PLACE = `${PROD.accountId}/${PROD.region}`;

/** "An auditor's tasks" of docs/console.md, in the same order, on data that auditors found in practice. */
export function describeAudit(trial: BrowserTrial): void {
  let audited: Server | undefined;
  beforeAll(async () => {
    audited = await startAuditConsole();
  });
  afterAll(() => audited?.stop());
  const open = async (path: string): Promise<Page> => {
    const page = await trial.openTab({ baseURL: audited?.url ?? '' });
    await page.goto(path);
    return page;
  };
  const mainTextOf = async (page: Page) => ((await page.locator('main').textContent()) ?? '').replaceAll(/\s+/g, ' ');
  const rowsOf = (page: Page) => page.locator('main tbody tr').count();

  describe('an auditor', () => {
    it('sees that one month is complete, and that nothing of another month was ever collected', async () => {
      const page = await open('/coverage?from=2026-03-01&to=2026-03-31');
      expect(await mainTextOf(page)).toContain('The span 2026-03-01 to 2026-03-31 (UTC): complete.');
      expect(await page.locator('[title$=": complete"]').count()).toBe(60);
      await page.getByRole('textbox', { name: 'From (UTC)' }).fill('2025-11-01');
      await page.getByRole('textbox', { name: 'Before (UTC)' }).fill('2025-12-01');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/2025-11-01/);
      const text = await mainTextOf(page);
      expect(text).toContain('The span 2025-11-01 to 2025-12-01 (UTC): not complete in 2 of 2');
      expect(text).toContain('Not collected: nothing from 2025-11-01');
      expect(await page.locator('.note.good').count()).toBe(0);
      expect(await page.locator('[title$=": not collected"]').count()).toBe(60);
      const certificate = await page
        .getByRole('link', { name: 'A signed certificate of all of it' })
        .getAttribute('href');
      expect(certificate).toContain('from=2025-11-01');
    });

    it('sees who ran what on a node after typing the first letters of its id', async () => {
      const page = await open('/nodes');
      await page.getByRole('combobox', { name: 'Id begins with' }).fill('i-0000');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/begin=i-0000/);
      expect(await rowsOf(page)).toBe(2);
      await page.getByRole('combobox', { name: 'Id begins with' }).fill('i-0aa1');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(new RegExp(`begin=${NODES.web}$`));
      await page.goto(`/nodes?begin=${NODES.patched}`);
      await page.getByRole('link', { name: NODES.patched }).click();
      await page.getByRole('link', { name: '2026-03-19 12:00:00' }).first().click();
      await page.waitForURL(INVOCATION);
      expect(await mainTextOf(page)).toContain('assumed-role/Patching/mira');
      await page.goto(`/nodes?begin=${NODES.scanned}`);
      await page.getByRole('link', { name: NODES.scanned }).click();
      await page.getByRole('link', { name: '2026-03-19 12:00:00' }).first().click();
      await page.waitForURL(INVOCATION);
      expect(await mainTextOf(page)).toMatch(/Sent by ?not known/);
      await page.goto('/nodes?begin=i-0ab');
      expect(await mainTextOf(page)).toContain('The archive has never seen the node “i-0ab”.');
    });

    it('sees what failed and why, and learns that a status is misspelt', async () => {
      const page = await open(`/invocations?status=Faild&${MARCH}`);
      expect(await page.locator('#not-understood').textContent()).toContain('Did you mean "Failed"?');
      expect(await rowsOf(page)).toBe(0);
      expect(await page.getByRole('link', { name: 'CSV for programs' }).count()).toBe(0);
      await page
        .getByRole('textbox', { name: 'Status' })
        .or(page.getByRole('combobox', { name: 'Status' }))
        .fill('failed');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: '2026-03-26 12:00:00' }).click();
      await page.waitForURL(INVOCATION);
      const text = await mainTextOf(page);
      expect(text).toContain('No space left on device');
      expect(text).toContain('Exit code 28');
    });

    it('sees that a document was never run, and which document was probably meant', async () => {
      const page = await open(`/invocations?documentName=AWS-RunShelScript&${MARCH}`);
      const text = await mainTextOf(page);
      expect(text).toContain('The archive has never seen the document “AWS-RunShelScript”.');
      expect(text).toContain('Covered: all up to 2026-03-31T11:45Z');
      await page.getByRole('link', { name: 'AWS-RunShellScript', exact: true }).click();
      await page.waitForURL(/documentName=AWS-RunShellScript&/);
      expect(await page.locator('.bar strong').first().textContent()).toBe('4');
    });

    it('sees what a search finds, even in text that Windows wrote as UTF-16', async () => {
      const page = await open('/invocations');
      await page.getByRole('searchbox', { name: 'Output contains' }).fill('verweigert');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: '2026-03-25 12:00:00' }).click();
      await page.waitForURL(INVOCATION);
      expect(await mainTextOf(page)).toContain('Zugriff verweigert');
      await page.goto('/invocations?q=verweigertes');
      expect(await mainTextOf(page)).toContain('Nothing in the archive matches all of these filters.');
    });

    it('sees which nodes are not patched, such as a node that was only scanned', async () => {
      const page = await open('/reports/nodes-not-patched?since=2026-03-01');
      const grid = page.locator('[data-grid]');
      await grid.waitFor();
      const text = (await grid.textContent()) ?? '';
      expect(text).toContain(NODES.scanned);
      expect(text).not.toContain(NODES.patched);
      expect(await mainTextOf(page)).toContain('Covered: all of 2026-03-01 to');
    });

    it('sees what a command printed on each node, which steps were skipped, and that a command without a node ran nowhere', async () => {
      const page = await open(`/commands/${PLACE}/${COMMANDS.install}`);
      const text = await mainTextOf(page);
      expect(text).toContain('1 node: the agent skipped the step there, so it ran nowhere.');
      expect(text).toContain('installed 3');
      await page.goto(`/commands/${PLACE}/${COMMANDS.noNode}`);
      const none = await mainTextOf(page);
      expect(none).toContain('Success, NoInstancesInTag, 0 targets');
      expect(none).toContain('No node: the service counted no target for this command.');
      expect(none).not.toContain('NaN');
      await page.goto(`/invocations/${PLACE}/${COMMANDS.notCut}/${NODES.web}`);
      expect(await mainTextOf(page)).not.toContain('The agent cut it');
    });

    it('exports a month for a spreadsheet, with the leading zero of an account and without a NUL', async () => {
      const page = await open(`/invocations?${MARCH}&account=${BANK.accountId}`);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'CSV for spreadsheets' }).click({ noWaitAfter: true }),
      ]);
      const csv = await readFile(await download.path(), 'utf8');
      await download.delete();
      expect(csv.startsWith('\ufeff')).toBe(true);
      expect(csv).toContain('züri-01');
      expect(csv).toMatch(/012345678901/);
      expect(csv).not.toContain('\0');
    });

    it('makes a pack of existing invocations, and an empty pack only after a confirmation', async () => {
      const page = await open(`/evidence?documentName=AWS-RunPatchBaseline&${MARCH}`);
      expect(await page.locator('.pack strong').first().textContent()).toBe('2 invocations');
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 30_000 }),
        page.getByRole('button', { name: 'Make and download it' }).click({ noWaitAfter: true }),
      ]);
      expect(await verifyEvidence(await download.path(), [])).toMatchObject({ rows: 2, faults: [] });
      await download.delete();
      await page.goto(`/evidence?documentName=AWS-RunPatchBaselin&${MARCH}`);
      expect(await mainTextOf(page)).toContain('The archive has never seen the document “AWS-RunPatchBaselin”.');
      expect(await page.locator('input[name="allowEmpty"]').getAttribute('required')).not.toBeNull();
    });

    it('sees which part of a year was collected, in a tile, in the chart and in the text below the chart', async () => {
      const page = await open('/?from=2025-04-01&to=2026-04-01');
      const text = await mainTextOf(page);
      expect(text).toMatch(/Coverage ?2 of 2 not complete ?from 2025-04-01/);
      expect(text).toContain('Not collected: 2025-04-01 to 2026-02-03T12:00Z');
      expect(await page.locator('[data-hatched]').count()).toBeGreaterThan(9);
    });

    it('sees no rows for an address that is not understood, and a link to the same page without the unknown part', async () => {
      const page = await open(`/invocations?status=Failed&documentNaem=AWS-RunShellScript&${MARCH}`);
      expect(await page.locator('#not-understood').textContent()).toContain('documentNaem');
      await page.getByRole('link', { name: 'The same page without it' }).click();
      await page.waitForURL((url) => !url.searchParams.has('documentNaem'));
      expect(await page.locator('.bar strong').first().textContent()).toBe('1');
    });
  });
}
