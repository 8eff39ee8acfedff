import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

// The service shows a step that the agent skipped as Success with exit code 0. Every surface must distinguish it from a
// step that ran.

const trial = apiTrial();
const skipMessage = (name: string, platform: string) =>
  `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, ${platform}]'. Step name: ${name}`;
/** The agent notes a skipped step within a moment; the step itself took no time. */
const skipped = (Name: string, platform: string) =>
  rawPlugin({
    Name,
    Output: skipMessage(Name, platform),
    ResponseStartDateTime: 1772357400,
    ResponseFinishDateTime: 1772357400.003,
  });
const ran = (Name: string, Output: string, seconds = 60) =>
  rawPlugin({ Name, Output, ResponseStartDateTime: 1772357400, ResponseFinishDateTime: 1772357400 + seconds });
const MIXED = 'c0000000-0000-4000-8000-000000000001';
const NOWHERE = 'c0000000-0000-4000-8000-000000000002';
const IMITATED = 'c0000000-0000-4000-8000-000000000003';
const linux = (InstanceId: string) => ({
  ...{ InstanceId, CommandId: MIXED, DocumentName: 'Patch' },
  CommandPlugins: [skipped('PatchWindows', 'Windows'), ran('PatchLinux', 'installed 3\n')],
});
await trial.record([
  ...[linux('i-00000000000000001'), linux('i-00000000000000002')],
  {
    ...{ InstanceId: 'i-00000000000000003', CommandId: MIXED, DocumentName: 'Patch' },
    CommandPlugins: [ran('PatchWindows', 'installed KB1\n', 120), skipped('PatchLinux', 'Linux')],
  },
  {
    ...{ InstanceId: 'i-00000000000000001', CommandId: NOWHERE, DocumentName: 'WindowsOnly' },
    CommandPlugins: [skipped('install', 'Windows')],
  },
  {
    ...{ InstanceId: 'i-00000000000000001', CommandId: IMITATED, DocumentName: 'Grep' },
    CommandPlugins: [
      ran('grep', `found: ${skipMessage('x', 'Windows')}\n`),
      ran('echo', `${skipMessage('x', 'Windows')}\n`),
    ],
  },
]);
const at = (command: string, node = 'i-00000000000000001') =>
  `/invocations/${SOURCE.accountId}/${SOURCE.region}/${command}/${node}`;
const commandAt = (command: string) => `/commands/${SOURCE.accountId}/${SOURCE.region}/${command}`;
const post = (body: object) => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify(body),
});

describe('a step that the agent skipped', () => {
  it('can be distinguished by REST from a step that ran, and keeps the values of AWS', async () => {
    expect((await trial.json(`/v1${at(MIXED)}`)).plugins).toMatchObject([
      {
        name: 'PatchWindows',
        status: 'Success',
        statusDetails: 'Success',
        responseCode: 0,
        isSkipped: true,
        durationMs: null,
      },
      { name: 'PatchLinux', status: 'Success', isSkipped: false, durationMs: 60_000 },
    ]);
  });

  it('can be distinguished in NDJSON, CSV and SQL from a step that ran', async () => {
    const asked = `/v1/invocations?commandId=${MIXED}&include=plugins`;
    const lines = (await (await trial.ask(`${asked}&format=ndjson`)).text()).trim().split('\n');
    const told = lines.map((line) => JSON.parse(line).plugins.map((one: { isSkipped: boolean }) => one.isSkipped));
    expect(told.map(String).sort()).toEqual(['false,true', 'true,false', 'true,false']);
    const [header = '', ...rows] = (await (await trial.ask(`${asked}&format=csv`)).text()).trim().split('\r\n');
    const column = header.split(',').indexOf('pluginIsSkipped');
    expect(rows.filter((row) => row.split(',')[column] === 'true')).toHaveLength(3);
    const sql = `SELECT plugin_name, status, is_skipped, count(*), count(duration_ms) FROM plugin_runs WHERE command_id = '${MIXED}' GROUP BY 1, 2, 3`;
    expect((await trial.json('/v1/sql', post({ sql }))).rows).toEqual([
      ['PatchLinux', 'Success', 0, 2, 2],
      ['PatchLinux', 'Success', 1, 1, 0],
      ['PatchWindows', 'Success', 0, 1, 1],
      ['PatchWindows', 'Success', 1, 2, 0],
    ]);
  });

  it('is counted separately in statistics, and is not part of any percentile', async () => {
    const { items } = await trial.list(`/v1/stats?groupBy=plugin&durations=true&commandId=${MIXED}`);
    expect(items).toEqual([
      { plugin: 'PatchLinux', count: 2, skipped: 1, p50Ms: 60_000, p95Ms: 60_000, maxMs: 60_000 },
      { plugin: 'PatchWindows', count: 1, skipped: 2, p50Ms: 120_000, p95Ms: 120_000, maxMs: 120_000 },
    ]);
    expect((await trial.list(`/v1/stats?groupBy=plugin&commandId=${NOWHERE}`)).items).toEqual([
      { plugin: 'install', count: 0, skipped: 1 },
    ]);
    const csv = await (await trial.ask(`/v1/stats?groupBy=plugin&commandId=${MIXED}&format=csv`)).text();
    expect(csv).toContain('plugin,count,skipped');
  });

  it('has an output that is never counted as the most common one, and does not make its node an outlier', async () => {
    const command = await trial.json(`/v1${commandAt(MIXED)}`);
    expect(command.steps).toMatchObject([
      {
        name: 'PatchWindows',
        nodes: 3,
        skippedNodes: 2,
        distinctOutputs: 1,
        outlierCount: 0,
        commonOutput: { nodes: 1, output: 'installed KB1\n' },
      },
      {
        name: 'PatchLinux',
        nodes: 3,
        skippedNodes: 1,
        distinctOutputs: 1,
        outlierCount: 0,
        commonOutput: { nodes: 2, output: 'installed 3\n' },
      },
    ]);
    expect(command.outliers).toEqual([]);
    expect((await trial.json(`/v1${commandAt(NOWHERE)}`)).steps).toMatchObject([
      { nodes: 1, skippedNodes: 1, commonOutput: null },
    ]);
    for (const report of ['output-outliers', 'output-changes', 'slowest-steps']) {
      const { rows } = await trial.json(`/v1/reports/${report}?from=2026-02-01&to=2026-04-01`);
      expect(JSON.stringify(rows), report).not.toMatch(/due to unsatisfied|"install"/);
    }
  });

  it('is not green on a page', async () => {
    const html = await page(trial, at(MIXED));
    expect(html).toMatch(/PatchWindows\s+<span class="status status-skipped"/);
    expect(textOfHtml(html)).toContain(
      '1. PatchWindows Skipped It did not run: the agent skipped it, and says why. The service shows it as Success',
    );
    expect(textOfHtml(html)).toContain('2. PatchLinux Success Exit code 0 · took 1 m 00 s');
    expect(textOfHtml(html)).not.toContain('nothing of this document ran');
    const command = textOfHtml(await page(trial, commandAt(MIXED)));
    expect(command).toContain('i-00000000000000001 web-1 Success skipped Success');
    expect(command).toContain(
      '3 nodes, skipped by the agent on 2 of them, 1 different outputs; 1 printed this: installed KB1',
    );
  });

  it('ran nowhere if every node skipped it, and the pages of its command and of its run say so', async () => {
    expect(textOfHtml(await page(trial, commandAt(NOWHERE)))).toContain(
      '1 node: the agent skipped the step there, so it ran nowhere.',
    );
    expect(textOfHtml(await page(trial, at(NOWHERE)))).toContain(
      'The agent skipped every step: nothing of this document ran on this node.',
    );
    expect(await page(trial, '/documents/WindowsOnly')).toContain('no duration');
    expect(textOfHtml(await page(trial, commandAt(NOWHERE)))).toContain('First step to last – ');
    expect(await trial.json(`/v1${commandAt(NOWHERE)}`)).toMatchObject({ startedAt: null, finishedAt: null });
  });

  it('differs from a step whose script prints the same sentence', async () => {
    expect((await trial.json(`/v1${at(IMITATED)}`)).plugins).toMatchObject([
      { isSkipped: false },
      { isSkipped: false },
    ]);
    expect(textOfHtml(await page(trial, at(IMITATED)))).not.toContain('Skipped');
  });

  it('is returned by the AWS endpoint as AWS returns it', async () => {
    const reply = await trial.app.request('/', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.ListCommandInvocations',
        'x-amz-date': '20260301T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${SOURCE.accountId}/20260301/${SOURCE.region}/ssm/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ CommandId: NOWHERE, Details: true }),
    });
    expect(await reply.json()).toEqual({
      CommandInvocations: [expect.objectContaining({ CommandPlugins: [skipped('install', 'Windows')] })],
    });
  });
});
