import { describe, expect, it } from 'vitest';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { NOW_MS, recordPass } from '../../archive/archive-with-passes.ts';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, rows, textOfHtml } from './console-trial.ts';

/** Markup, a script, a formula, an escape sequence, a NUL and a mark that reverses text. */
const HOSTILE = '<img src=x onerror=alert(1)></pre><script>alert(2)</script>"\'=1+1\u001b[2J\u0000\u202egpj';
const AT = NOW_MS / 1000;
const empty = apiTrial({ isRead: false });
const trial = apiTrial({ isRead: false });
const hostile = apiTrial({ isRead: false });
const whole = apiTrial({ isRead: false });

describe('the console', async () => {
  await trial.record(
    Array.from({ length: 120 }, (_, n) => ({
      ...{ CommandId: `c-${n % 7}`, InstanceId: `i-${n}`, RequestedDateTime: AT - n * 3600 },
      ...(n % 10 === 0 && { Status: 'Failed', StatusDetails: 'Failed' }),
      CommandPlugins: [rawPlugin({ Output: `disk ${n} \u001b[31mred\u001b[0m` })],
    })),
  );
  recordPass(trial.db, { startedMs: NOW_MS - 3_600_000, covers: [[20, 1]] });
  trial.checkpoint();

  it('has an overview of what ran, what failed, and the state of archive and passes', async () => {
    const html = await page(trial, '/');
    expect(html).toMatch(/<title>Overview · ssm-archive<\/title>/);
    expect(html).toMatch(
      /class="figure" href="\/invocations\?requestedAfter=2026-03-02&amp;requestedBefore=2026-04-01">120</,
    );
    expect(html).toContain('href="/invocations?documentName=AWS-RunShellScript&amp;requestedAfter=');
    expect(html).toContain('2026-03-31: 11 succeeded, 2 did not succeed, 0 not ended');
    expect(html).toMatch(/Last pass.*complete/);
  });

  it('says from when coverage is complete, and leaves out earlier times, whose invocations may be missing', async () => {
    recordPass(whole.db, { startedMs: NOW_MS, covers: [[20, 0.011]] });
    const from = new Date(NOW_MS - 18 * 86_400_000).toISOString().slice(0, 10);
    expect(textOfHtml(await page(whole, '/'))).toMatch(new RegExp(`Coverage complete from ${from} .*About to be lost`));
  });

  it('explains in an empty archive that nothing is collected yet, and names the demo', async () => {
    const html = await page(empty, '/');
    expect(html).toContain('Nothing is collected yet');
    expect(html).toContain('ssm-archive demo');
    expect(await page(empty, '/invocations')).toContain('The archive has no invocations yet.');
    for (const path of ['/coverage', '/integrity', '/collector']) await page(empty, path);
  });

  it('lists all invocations page by page, each of them once', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/invocations';
    while (path !== undefined) {
      const html: string = await page(trial, path);
      seen.push(...[...html.matchAll(/href="(\/invocations\/[^"]+)"/g)].map(([, link = '']) => link));
      path = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  it('filters by each field, and counts the rows that it shows', async () => {
    const failed = await page(trial, '/invocations?status=Failed');
    expect(rows(failed)).toBe(12);
    expect(failed).toMatch(/<strong>12<\/strong>/);
    expect(failed).toContain('aria-label="Remove Status Failed"');
    expect(rows(await page(trial, '/invocations?instanceId=i-7'))).toBe(1);
    expect(rows(await page(trial, '/invocations?q=%22disk%207%22'))).toBe(1);
    expect(rows(await page(trial, '/invocations?requestedAfter=2026-03-31&requestedBefore=2026-04-01'))).toBe(13);
    expect(
      rows(await page(trial, `/invocations?account=${SOURCE.accountId}&commandId=c-3&documentName=AWS-RunShellScript`)),
    ).toBe(17);
    expect(await page(trial, '/invocations?instanceId=nobody')).toContain(
      'Nothing in the archive matches all of these filters.',
    );
  });

  it('links to the API with exactly the same rows', async () => {
    const html = await page(trial, '/invocations?status=Failed&instanceId=i-10&sort=requestedAt');
    const json = /href="(\/v1\/invocations\?[^"]+)">JSON/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const reply = await trial.app.request(json);
    expect(await reply.json()).toMatchObject({ items: [{ instanceId: 'i-10', status: 'Failed' }] });
  });

  it.each([
    ['requestedAfter=yesterday', 'must be a date such as 2026-03-01'],
    ['q=(open', 'The parenthesis is not closed.'],
    [`documentName=${'x'.repeat(2001)}`, 'must have at most 2000 characters'],
  ])('says at the field what is wrong with %s', async (query, what) => {
    expect(await page(trial, `/invocations?${query}`, 400)).toContain(what);
  });

  it('shows one invocation in full: facts, output in colour, states with their proofs, related runs', async () => {
    const [link = ''] = /\/invocations\/[^"]+/.exec(await page(trial, '/invocations?instanceId=i-10')) ?? [];
    const html = await page(trial, link);
    expect(html).toContain('<title>AWS-RunShellScript on i-10 · ssm-archive</title>');
    expect(html).toMatch(/disk 10 <span class="ansi-red">red<\/span>/);
    expect(html).toMatch(/\/v1\/ledger\/proof\?leaf=\d+/);
    expect(html).toContain('Unlike most of these, which are Success');
  });

  it('keeps the line end at the beginning of an output, although HTML drops the first line end in a `pre`', async () => {
    await trial.record([{ InstanceId: 'i-blank', CommandPlugins: [rawPlugin({ Output: '\r\n\nfirst' })] }]);
    const [link = ''] = /\/invocations\/[^"]+/.exec(await page(trial, '/invocations?instanceId=i-blank')) ?? [];
    expect(await page(trial, link)).toMatch(/<pre class="output"[^>]*>\n\n\nfirst<\/pre>/);
  });

  it('shows a command with its nodes, and a node with its commands', async () => {
    const command = await page(trial, `/commands/${SOURCE.accountId}/${SOURCE.region}/c-3`);
    expect(command).toContain('<strong>17 nodes</strong>');
    expect(command).toMatch(/17 nodes, 17 different outputs; 1 printed this:/);
    expect(rows(command)).toBe(17);
    const node = await page(trial, `/nodes/${SOURCE.accountId}/${SOURCE.region}/i-13`);
    expect(rows(node)).toBe(1);
    expect(node).toMatch(
      /href="\/invocations\?account=\d+&amp;region=eu-west-1&amp;instanceId=i-13&amp;requestedAfter=/,
    );
    expect(await page(trial, '/commands/1/2/3', 404)).toContain('This command is not here');
    expect(await page(trial, '/nodes/1/2/3', 404)).toContain('This node is not here');
  });

  it('shows the passes, and what they could not collect', async () => {
    recordPass(trial.db, { startedMs: NOW_MS, result: { outcome: 'failed', error: 'Denied <b>.' } });
    const html = await page(trial, '/collector');
    expect(rows(html)).toBe(2);
    expect(html).toContain('Denied &lt;b&gt;.');
  });

  it('shows days that are complete, and days that are not', async () => {
    const html = await page(trial, '/coverage');
    expect(html).toContain('title="2026-03-20: complete"');
    expect(html).toContain('title="2026-03-11: partly collected"');
    expect(html).toContain('title="2026-03-31: not over yet"');
  });

  it('shows checkpoints, holds and what was pruned', async () => {
    const placed = { reason: 'case <7>', placedBy: 'legal', placedAt: '2026-03-01T00:00:00.000Z' };
    placeHold(trial.db.sqlite, { ...placed, instanceId: 'i-1' });
    await prune(
      { sqlite: trial.db.sqlite, now: () => new Date(NOW_MS), renew: () => {} },
      { kind: 'outputs', selection: { instanceId: 'i-20' }, by: 'ops', reason: 'rule 4' },
    );
    const html = await page(trial, '/integrity');
    expect(html).toMatch(/The newest covers \d+ leaves/);
    expect(html).toContain('case &lt;7&gt;');
    expect(html).toMatch(/the outputs of 1 invocations, by ops: rule 4/);
    const [link = ''] = /\/invocations\/[^"]+/.exec(await page(trial, '/invocations?instanceId=i-20')) ?? [];
    expect(await page(trial, link)).toContain('Its output was kept, and has been pruned since.');
  });

  it('says so if an address names something that does not exist', async () => {
    expect(await page(trial, '/invocations/1/2/3/4', 404)).toContain('This invocation is not here');
    expect(await page(trial, '/invocations?cursor=nonsense', 400)).toContain(
      '<code>cursor</code> does not belong to any page of this list',
    );
    expect(await page(trial, '/assets/other.css', 404)).toContain('Not found');
  });

  it('has its own stylesheet, which browsers may cache forever', async () => {
    const [path = ''] = /\/assets\/[^"]+/.exec(await page(trial, '/')) ?? [];
    const reply = await trial.app.request(path);
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('cache-control')]).toEqual([
      200,
      'text/css; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    expect(await reply.text()).not.toMatch(/url\(|@import/);
  });
});

describe('an archive with hostile texts', async () => {
  const text = HOSTILE;
  await hostile.record([
    {
      ...{
        CommandId: text,
        InstanceId: text,
        InstanceName: text,
        Comment: text,
        DocumentName: text,
        TraceOutput: text,
      },
      ...{ Status: text, StatusDetails: text, RequestedDateTime: AT - 60, StandardOutputUrl: `javascript:${text}` },
      CommandPlugins: [
        rawPlugin({
          Name: text,
          Output: `${text}\u001b]8;;http://x/\u0007link\u001b]8;;\u0007\u001b[31;1mred`,
          Status: text,
        }),
      ],
    },
  ]);

  it('is shown as text on every page, with every character visible', async () => {
    const list = await page(hostile, '/invocations');
    const link = (/\/invocations\/[^"?]+/.exec(list)?.[0] ?? '').replaceAll('&#39;', "'");
    for (const path of [
      '/',
      '/invocations',
      link,
      '/coverage',
      '/integrity',
      `/invocations?documentName=${encodeURIComponent(text)}`,
    ]) {
      const html = await page(hostile, path);
      expect(html).not.toMatch(/<img|alert\(1\)>/);
      // A field keeps its text unchanged, so that it can be submitted again.
      const seen = html.replaceAll(/ value="[^"]*"/g, '');
      for (const unseen of ['\u0000', '\u001b', '\u202e']) expect(seen.includes(unseen)).toBe(false);
    }
    expect(await page(hostile, link)).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(await page(hostile, link)).toContain('\\u202e');
  });
});
