import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const trial = apiTrial({ isRead: false });
const NEW = { Status: 'Superseded', StatusDetails: 'SupersededByOperator', DocumentName: 'New' };
const odd = { ...NEW, CommandPlugins: [rawPlugin({ Status: 'Superseded', StatusDetails: 'SupersededByOperator' })] };
await trial.record([
  { CommandId: 'odd', InstanceId: 'i-1', ...odd },
  { CommandId: 'odd', InstanceId: 'i-2', DocumentName: 'New' },
  { CommandId: 'bad', InstanceId: 'i-2', DocumentName: 'New', Status: 'Failed', StatusDetails: 'SomethingNew' },
  { CommandId: 'none', InstanceId: 'i-3', DocumentName: 'New', Status: undefined, StatusDetails: undefined },
]);
const at = `${SOURCE.accountId}/${SOURCE.region}`;
/** The classes and texts of a page’s marks that show how something ended. */
const marks = (html: string) =>
  [...html.matchAll(/class="(?:status|cell|text) ?(?:status|cell)?-(good|bad|busy)"[^>]*>([^<]*)/g)].map(
    ([, kind, text = '']) => `${text.trim()} ${kind}`,
  );

describe('an unknown status', () => {
  it('is drawn as unfinished, and not as a failure, wherever the console draws it', async () => {
    const paths = [
      '/invocations',
      `/invocations/${at}/odd/i-1`,
      `/commands/${at}/odd`,
      '/commands',
      '/documents/New',
      '/',
    ];
    for (const path of [...paths, `/nodes/${at}/i-1`, '/nodes', '/documents']) {
      const html = await page(trial, path);
      const told = marks(html).filter((mark) => /Superseded/.test(mark));
      for (const mark of told) expect(mark, path).toMatch(/ busy$/);
      expect(html, path).not.toMatch(/-bad"[^>]*>Superseded/);
      if (path !== '/documents') expect(html, path).toMatch(/Superseded/);
    }
  });

  it('is listed as running now, like an invocation without a status, and not as unsuccessful', async () => {
    const html = await page(trial, '/?from=2026-03-01&to=2026-03-02');
    const [, running = ''] = textOfHtml(html).split('What runs now');
    const [now = '', failed = ''] = running.split('What did not succeed, by document');
    expect(now).toMatch(/New on i-1 SupersededByOperator/);
    expect(now).toMatch(/New on i-3/);
    expect(failed).toMatch(/^ New 1 /);
  });

  it('is not drawn as failed in a grid or a chart, nor counted as a failure of its node', async () => {
    const html = await page(trial, '/documents/New?from=2026-03-01&to=2026-03-02');
    expect(html).toContain('1 succeeded, 1 did not succeed, 2 not ended');
    expect(html).toMatch(/cell-busy"[^>]*aria-label="[^"]*on i-1: Superseded"/);
    // Nodes are sorted by their number of failures, highest first, and then by id.
    expect(textOfHtml(html).split('How the last')[1]).toMatch(/i-2 .*i-1 .*i-3 /);
  });
});

describe('unknown status details', () => {
  it('are drawn like the final status to which they belong', async () => {
    const html = await page(trial, `/commands/${at}/bad`);
    expect(html).toMatch(/status-bad"[^>]*>SomethingNew/);
  });
});
