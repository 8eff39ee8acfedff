import { describe, expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { OBSERVED_AT, rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

// Each surface must show the same about a step: lists, pages, statistics, SQL and the AWS endpoint.

const trial = apiTrial();
const MENTIONED = 'log of a script that looks for ---Output truncated--- in files\nand goes on\n';
const CUT = `${'x'.repeat(2477)}\n---Output truncated---`;
await trial.record(
  Object.entries({ mentioned: MENTIONED, cut: CUT }).map(([CommandId, Output]) => ({
    CommandId,
    CommandPlugins: [rawPlugin({ Output })],
  })),
);
const step = (from: string, to: string) =>
  rawPlugin({ ResponseStartDateTime: Date.parse(from) / 1000, ResponseFinishDateTime: Date.parse(to) / 1000 });
const [BACK_ID, THEN_ON_ID] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
/** The node's clock was set back while a step ran. */
const BACK = step('2026-03-01T09:30:05Z', '2026-03-01T09:30:00Z');
await trial.record([
  { CommandId: BACK_ID, DocumentName: 'Back', CommandPlugins: [BACK] },
  {
    ...{ CommandId: THEN_ON_ID, DocumentName: 'BackThenOn' },
    CommandPlugins: [BACK, step('2026-03-01T09:30:00Z', '2026-03-01T09:31:00Z')],
  },
]);
createListedCommandRecorder(trial.db.sqlite)(SOURCE, OBSERVED_AT, [
  observeCommand({
    ...{ CommandId: 'nobody', DocumentName: 'AWS-RunShellScript', RequestedDateTime: 1772357400 },
    ...{ Status: 'Success', StatusDetails: 'NoInstancesInTag', TargetCount: 0, CompletedCount: 0, ErrorCount: 0 },
  }),
]);
const at = (command: string) => `/invocations/${SOURCE.accountId}/${SOURCE.region}/${command}/i-0123456789abcdef0`;
const post = (body: object) => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify(body),
});
const stepOf = async (command: string) => (await trial.json(`/v1${at(command)}`)).plugins;

describe('an output', () => {
  it('is called cut if the agent cut it, but not if it only contains the agent’s marker', async () => {
    expect(await stepOf('mentioned')).toMatchObject([{ isOutputTruncated: false, output: MENTIONED }]);
    expect(await stepOf('cut')).toMatchObject([{ isOutputTruncated: true, output: CUT }]);
    expect(textOfHtml(await page(trial, at('mentioned')))).not.toContain('The agent cut it');
    expect(textOfHtml(await page(trial, at('cut')))).toContain('The agent cut it at 2,500 bytes');
    const sql =
      "SELECT command_id, is_output_truncated FROM plugin_runs WHERE command_id IN ('cut', 'mentioned') ORDER BY 1";
    expect((await trial.json('/v1/sql', post({ sql }))).rows).toEqual([
      ['cut', 1],
      ['mentioned', 0],
    ]);
  });
});

describe('a command that reached no node', () => {
  const path = `/commands/${SOURCE.accountId}/${SOURCE.region}/nobody`;

  it('is shown with its status and its number of targets, on its page, in the list and by REST', async () => {
    const text = textOfHtml(await page(trial, path));
    expect(text).toContain('Success , NoInstancesInTag, 0 targets');
    expect(text).toContain('No node: the service counted no target for this command.');
    expect(text).not.toMatch(/NaN|When its nodes ran/);
    const members = { status: 'Success', statusDetails: 'NoInstancesInTag', targetCount: 0, invocations: 0 };
    expect(await trial.json(`/v1${path}`)).toMatchObject(members);
    expect((await trial.list('/v1/commands')).items).toContainEqual(expect.objectContaining(members));
    expect(textOfHtml(await page(trial, '/commands'))).toContain('NoInstancesInTag');
  });

  it('can be distinguished from a command that the service never listed', async () => {
    expect(textOfHtml(await page(trial, path.replace('nobody', BACK_ID)))).toContain(
      'Status not known: the service was not seen to list the command itself',
    );
  });
});

describe('a step that ended before it began, according to its node’s clock', () => {
  it('has an unknown duration, in lists, on pages and in statistics', async () => {
    expect(await stepOf(BACK_ID)).toMatchObject([{ durationMs: null, startedAt: '2026-03-01T09:30:05.000Z' }]);
    const text = textOfHtml(await page(trial, at(BACK_ID)));
    expect(text).toContain('took an unknown time: on the clock of its node, it ended before it began');
    expect(text).not.toMatch(/-5|not finished/);
    const stats = await trial.list('/v1/stats?groupBy=document&durations=true&documentName=Back');
    expect(stats.items).toEqual([{ document: 'Back', count: 1, p50Ms: null, p95Ms: null, maxMs: null }]);
  });

  it('has no duration in SQL, and is not among the slowest steps', async () => {
    const sql = "SELECT duration_ms FROM plugin_runs WHERE document_name LIKE 'Back%' ORDER BY 1";
    expect((await trial.json('/v1/sql', post({ sql }))).rows).toEqual([[null], [null], [60_000]]);
    const report = await trial.json('/v1/reports/slowest-steps?from=2026-02-01&to=2026-04-01');
    expect(JSON.stringify(report.rows)).not.toMatch(/"Back"|-5000/);
  });

  it('makes the duration unknown for its run, its command, its document and its node', async () => {
    for (const command of [BACK_ID, THEN_ON_ID]) {
      const path = `/commands/${SOURCE.accountId}/${SOURCE.region}/${command}`;
      const [, nodes = ''] = textOfHtml(await page(trial, path)).split('Took');
      expect(nodes, path).toMatch(/Success – /);
      expect(textOfHtml(await page(trial, path)), path).not.toMatch(/-\d+ ms|NaN/);
    }
    for (const path of ['/documents/Back', '/documents/BackThenOn']) {
      const html = await page(trial, path);
      expect(html).toContain('no duration');
      expect(textOfHtml(html), path).not.toMatch(/-\d+ ms|NaN|1 m 00 s/);
    }
    const node = await page(trial, `/nodes/${SOURCE.accountId}/${SOURCE.region}/i-0123456789abcdef0`);
    expect(node).toMatch(/Success, no duration/);
    expect(textOfHtml(node)).not.toMatch(/-\d+ ms|NaN/);
  });

  it('has an empty ExecutionElapsedTime', async () => {
    const reply = await trial.app.request('/', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.GetCommandInvocation',
        'x-amz-date': '20260301T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${SOURCE.accountId}/20260301/${SOURCE.region}/ssm/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ CommandId: BACK_ID, InstanceId: 'i-0123456789abcdef0' }),
    });
    expect(await reply.json()).toMatchObject({ ExecutionElapsedTime: '' });
  });
});
