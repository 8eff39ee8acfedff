import { describe, expect, it } from 'vitest';
import { type Passes, PassesStopped, type PassView } from '../../../src/model/coverage/passes.ts';
import { NOW_MS, recordPass } from '../../archive/archive-with-passes.ts';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, rows, textOfHtml } from './console-trial.ts';
import { formOf } from './read-page.ts';

const startedAt = new Date(NOW_MS - 10_000).toISOString();
const running: PassView = {
  ...{ id: 'run-2', state: 'running', runId: 2, startedAt, finishedAt: null, error: null, trigger: 'api' },
  sources: [
    {
      ...{ alias: '<b>prod', accountId: SOURCE.accountId, region: SOURCE.region, outcome: 'running', error: null },
      ...{ pages: 40, calls: 50, throttles: 3, faults: 1, rowsSeen: 2000, rowsAdded: 1500, rowsChanged: 20 },
      ...{ partsPlanned: 8, partsEnded: 6, startedAt },
    },
  ],
};

let isRunning = false;
let isStopped = false;
const passes: Passes = {
  async start() {
    if (isStopped) throw new PassesStopped('The server is stopping.');
    if (isRunning) return { running };
    isRunning = true;
    return { pass: running };
  },
  get: (id) =>
    id === 'run-2'
      ? running
      : id === 'run-1'
        ? { ...running, id, runId: 1, state: 'complete', finishedAt: startedAt }
        : undefined,
  follow: () => () => {},
};
const trial = apiTrial({ isRead: false, passes });
const span = { fromMs: NOW_MS - 86_400_000, toMs: NOW_MS - 82_800_000 };
recordPass(trial.db, {
  startedMs: NOW_MS - 3_600_000,
  covers: [[20, 1]],
  failures: [{ target: { operation: 'ListCommandInvocations', ...span }, error: 'Denied <b>.' }],
});

describe('the collector', () => {
  it('shows the progress and the rates of a pass, and tells the page’s script which running pass to follow', async () => {
    const html = await page(trial, '/collector/passes/run-2');
    const text = textOfHtml(html);
    expect(text).toContain('Runs since 10.0 s Rates 200.0 invocations and 5.0 calls a second');
    expect(text).toContain(`<b>prod ${SOURCE.accountId} eu-west-1 running 6 of 8 parts 40 50 3 1 2,000 1,500 20`);
    expect(html).toContain('data-pass="run-2"');
    expect(html).toContain('<progress value="6" max="8"');
    expect(await page(trial, '/collector/passes/run-1')).not.toContain('data-pass=');
    expect(await page(trial, '/collector/passes/run-99', 404)).toContain('A pass with this name is not here');
  });

  it('starts a pass for an operator and redirects to it, or redirects to the pass that is already running', async () => {
    expect(await page(trial, '/collector')).toContain('<form class="bar" method="post" action="/collector/passes">');
    for (let n = 0; n < 2; n++) {
      const reply = await trial.app.request('/collector/passes', formOf({}));
      expect([reply.status, reply.headers.get('location')]).toEqual([303, '/collector/passes/run-2']);
    }
    isStopped = true;
    expect(await page(trial, '/collector/passes', 503, formOf({}))).toContain('The server is stopping.');
    isStopped = false;
  });

  it('starts no pass if a page of another site asks for it', async () => {
    const init = formOf({});
    const headers = { ...init.headers, 'sec-fetch-site': 'same-site' };
    expect((await trial.app.request('/collector/passes', { ...init, headers })).status).toBe(403);
  });

  it('lists the sweeps of a day, including failed ones', async () => {
    const path = `/collector/sweeps?account=${SOURCE.accountId}&region=eu-west-1&day=2026-03-30`;
    const html = await page(trial, path);
    expect(rows(html)).toBe(1);
    expect(html).toContain('Denied &lt;b&gt;.');
    expect(textOfHtml(await page(trial, path.replace('-30', '-29')))).toContain('There is no matching sweep');
    expect(rows(await page(trial, '/collector/sweeps?outcome=failed'))).toBe(1);
    expect(textOfHtml(await page(trial, '/collector/sweeps?outcome=complete'))).toContain(
      'No matching sweep has the outcome “complete”',
    );
    await page(trial, '/collector/sweeps?day=2026-02-30', 400);
    expect(await page(trial, '/coverage')).toContain(`href="${path.replaceAll('&', '&amp;').replace('-30', '-20')}"`);
  });

  it('starts no pass for a reader', async () => {
    const token = trial.makeToken('reader');
    const headers = { authorization: `Bearer ${token}` };
    expect(textOfHtml(await page(trial, '/collector', 200, { headers }))).toContain('Users with the role “operator”');
    const init = formOf({});
    const html = await page(trial, '/collector/passes', 403, { ...init, headers: { ...init.headers, ...headers } });
    expect(html).toContain('Starting a pass needs a token with the role “operator”.');
  });
});
