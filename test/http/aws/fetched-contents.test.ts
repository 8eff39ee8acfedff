import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { recordFullOutputs } from '../../../src/archive/record/record-full-outputs.ts';
import type { FullOutputsConfig } from '../../../src/config/config.ts';
import { ACCOUNT, REGION, type Trial } from '../../ingest/archive-trial.ts';
import { outputTrial } from '../../ingest/outputs/output-trial.ts';
import { ssmClient } from '../../simulator/clients.ts';
import { type Reply, readPages } from './read-pages.ts';
import { serveArchive } from './serve-archive.ts';

const FLEET = { seed: 7, invocations: 45, longOutputShare: 0.6, bucketShare: 1, longShare: 0, rollingShare: 0 };
const MARKER = '--output truncated--';

interface Content {
  stdout: string;
  stderr: string;
}

interface Step {
  CommandId: string;
  InstanceId: string;
  PluginName: string;
}

const rowsIn = ({ db }: Pick<Trial, 'db'>) =>
  Number(db.sqlite.prepare('SELECT count(*) FROM full_outputs').pluck().get());

/** The key of a page's token belongs to a process of the server. */
const withoutToken = (reply: Reply) => ({ ...reply, text: reply.text.replace(/"NextToken":"[^"]*"/, '') });

/** An archive that has collected, without fetching, and the steps that the service still shows. */
async function trialOf(config: Partial<FullOutputsConfig> = {}) {
  const trial = await outputTrial(FLEET, config);
  await trial.pass();
  const steps: Step[] = [];
  for (const { CommandId, InstanceId, CommandPlugins = [] } of trial.simulator.truth(ACCOUNT, REGION))
    for (const { Name = '' } of CommandPlugins) steps.push({ CommandId, InstanceId, PluginName: Name });
  /** Serves the archive while something is asked. A server beside a pass would take over its lease. */
  async function served<Answer>(ask: (archive: { url: string }) => Promise<Answer>): Promise<Answer> {
    const { url, stop } = await serveArchive(trial.config.db, trial.simulator.clock.now);
    try {
      return await ask({ url });
    } finally {
      await stop();
    }
  }
  /** What GetCommandInvocation answers for each step. */
  async function contentsAt(endpoint: { url: string }): Promise<Content[]> {
    const client = ssmClient(endpoint);
    const contents: Content[] = [];
    for (const step of steps) {
      const reply = await client.send(new GetCommandInvocationCommand({ ...step }));
      contents.push({ stdout: reply.StandardOutputContent ?? '', stderr: reply.StandardErrorContent ?? '' });
    }
    return contents;
  }
  return { ...trial, served, said: () => served(contentsAt), shown: () => contentsAt(trial.simulator) };
}

test.each([
  ['GetCommandInvocation', { from: ['get'] }],
  ['buckets', { from: ['s3'] }],
  ['buckets, of which only as much as is needed was kept', { from: ['s3'], maxBytes: 24_000 }],
  ['all places', { from: ['get', 'logs', 's3'] }],
] as const)(
  'GetCommandInvocation answers as the service does for each step, once outputs were fetched from %s',
  async (_, config) => {
    const trial = await trialOf(config);
    await trial.fetchPass();
    const shown = await trial.shown();
    expect(await trial.said()).toEqual(shown);
    expect(shown.filter(({ stdout }) => stdout.length > 20_000).length).toBeGreaterThan(5);
    expect(shown.filter(({ stderr }) => stderr.endsWith(MARKER)).length).toBeGreaterThan(1);
    expect(shown.filter(({ stdout }) => stdout.includes('\0')).length).toBeGreaterThan(1);
  },
);

test.each([
  ['GetCommandInvocation', 'get'],
  ['buckets', 's3'],
] as const)(
  'less of an output than the service shows, kept from %s, is a beginning of it and ends with its mark',
  async (_, from) => {
    const trial = await trialOf({ from: [from], maxBytes: 5001 });
    await trial.fetchPass();
    const shown = await trial.shown();
    let marked = 0;
    for (const [n, content] of (await trial.said()).entries())
      for (const stream of ['stdout', 'stderr'] as const) {
        const [said, whole = ''] = [content[stream], shown[n]?.[stream]];
        if (said === whole) continue;
        expect(said.endsWith(MARKER)).toBe(true);
        const head = said.slice(0, -MARKER.length);
        expect(whole.startsWith(head)).toBe(true);
        expect(Buffer.byteLength(head)).toBeGreaterThan(2500);
        marked++;
      }
    expect(marked).toBeGreaterThan(5);
  },
);

test('fetching changes not one byte of what ListCommandInvocations and ListCommands answer', async () => {
  const trial = await trialOf();
  const listed = () =>
    trial.served(async (archive) => {
      const replies: Reply[] = [];
      for (const Details of [true, false])
        await readPages(archive, { name: '', operation: 'ListCommandInvocations', body: { Details } }, replies);
      await readPages(archive, { name: '', operation: 'ListCommands', body: {} }, replies);
      return replies.map(withoutToken);
    });
  const before = await listed();
  await trial.fetchPass();
  expect(rowsIn(trial)).toBeGreaterThan(20);
  expect(await listed()).toEqual(before);
});

test('log streams, whose line ends the agent has changed, are not shown as the service’s content', async () => {
  const trial = await trialOf({ from: ['logs'] });
  const before = await trial.said();
  await trial.fetchPass();
  expect(rowsIn(trial)).toBeGreaterThan(1);
  expect(await trial.said()).toEqual(before);
});

test('an object is not shown as the service’s content if it does not begin as the listing does', async () => {
  const trial = await trialOf();
  const before = await trial.said();
  const cut = trial.db.sqlite
    .prepare<[], { invocationId: number; position: number; name: string }>(
      'SELECT invocation_id AS invocationId, position, plugin_name AS name FROM plugin_runs WHERE is_output_truncated',
    )
    .all();
  expect(cut.length).toBeGreaterThan(10);
  const bytes = Buffer.from('written by somebody else\n'.repeat(1000));
  const location = { bucket: 'acme-ssm-output', key: 'key' };
  const forged = { stream: 'stdout', bytes, totalBytes: bytes.length, cutBy: null, location } as const;
  for (const step of cut)
    recordFullOutputs(trial.db.sqlite, { ...step, provenance: 's3', fetchedAt: '2026-03-31T12:00:00.000Z' }, [forged]);
  expect(await trial.said()).toEqual(before);
});
