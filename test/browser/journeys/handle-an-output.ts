import { describe, expect, it } from 'vitest';
import type { InvocationKey } from '../../../src/archive/invocations/get-invocation.ts';
import { pathOfInvocation } from '../../../src/http/console/parts/values/paths.ts';
import type { BrowserTrial } from '../browser-trial.ts';
import { firstIn } from './in-archive.ts';

/** One step, whose output has a word several times. */
const PRINTED = `SELECT account_id AS accountId, region, command_id AS commandId, instance_id AS instanceId, output FROM plugin_runs
  WHERE output LIKE '%Filesystem%/dev/%/dev/%' ORDER BY requested_at DESC LIMIT 1`;

/** Journeys of a person who searches, copies, downloads or prints an output. */
export function describeOutputs(trial: BrowserTrial): void {
  const printed = () => firstIn<InvocationKey & { output: string }>(trial.console.archive, PRINTED);

  describe('a person who reads what a command printed', () => {
    it('finds a word in the output and how often it occurs, sees the output’s lines unwrapped, and copies the output', async () => {
      const { output, ...key } = printed();
      const page = await trial.openTab();
      await page.goto(pathOfInvocation(key));
      const step = page.locator('.printed').first();
      const field = step.getByRole('searchbox', { name: 'Find' });
      const told = step.locator('[data-find] output');
      const times = output.toLowerCase().split('/dev/').length - 1;
      await field.fill('/DEV/');
      await expect.poll(() => told.textContent()).toBe(`1 of ${times}`);
      await field.press('Enter');
      await expect.poll(() => told.textContent()).toBe(`2 of ${times}`);
      await field.fill('nowhere in it');
      await expect.poll(() => told.textContent()).toBe('not in it');

      const wrapping = () =>
        page.evaluate<string>("getComputedStyle(document.querySelector('.printed .output')).whiteSpace");
      const wrapped = await wrapping();
      await step.getByRole('checkbox', { name: 'Wrap lines' }).uncheck();
      expect(await wrapping()).toBe('pre');
      expect(wrapped).not.toBe('pre');

      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await step.getByRole('button', { name: 'Copy' }).click();
      await step.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(output);
    });

    it('opens the output exactly as it was sent, as plain text', async () => {
      const { output, ...key } = printed();
      const page = await trial.openTab();
      await page.goto(pathOfInvocation(key));
      const answering = page.waitForResponse(/\/steps\/1\/output$/);
      await page.getByRole('link', { name: 'Raw output of step 1' }).click();
      const answer = await answering;
      expect(answer.headers()['content-type']).toBe('text/plain; charset=utf-8');
      expect(answer.headers()['content-security-policy']).toContain('sandbox');
      expect(await answer.text()).toBe(output);
    });

    it('prints the output with its address and without elements that can only be clicked', async () => {
      const path = pathOfInvocation(printed());
      const page = await trial.openTab();
      await page.goto(path);
      const seen = () =>
        Promise.all(
          ['.sections', '.tools', '.aside', '.screen-only', '.on-paper', '.output'].map((part) =>
            page.locator(part).first().isVisible(),
          ),
        );
      expect(await seen()).toEqual([true, true, true, true, false, true]);
      await page.emulateMedia({ media: 'print' });
      expect(await seen()).toEqual([false, false, false, false, true, true]);
      expect(await page.locator('.on-paper').textContent()).toMatch(
        new RegExp(`^ssm-archive, 127\\.0\\.0\\.1:\\d+${path}\\. Printed as of 2026-03-31 12:`),
      );
    });
  });
}
