import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { readStatus } from '../../../src/archive/figures/read-status.ts';
import type { SourceConfig } from '../../../src/config/config.ts';
import { checkSource } from '../../../src/ingest/check-source.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { rawInvocation } from '../../archive/raw-invocation.ts';
import { rowsOf } from '../../db/temp-archive.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';
import { assumed, identity, startTinyService, type TinyCall } from '../tiny-service.ts';

const OTHER = '444455556666';
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

/** A trial with these sources; `answer` may decide which account each source is, and how slowly it answers. */
async function startTwice(
  sources: SourceConfig[],
  answer: (call: TinyCall) => ReturnType<Parameters<typeof startTinyService>[0] & object> = () => undefined,
) {
  const invocations = [rawInvocation({ RequestedDateTime: (START.getTime() - 50 * HOUR_MS) / 1000 })];
  const service = await startTinyService(answer, { invocations });
  const trial = await startTrial({ invocations: 0 });
  trial.config.sources = sources;
  trial.config.aws = { endpoint: service.url, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  const listings = () => service.calls.filter(({ operation }) => operation === 'ListCommandInvocations').length;
  return { ...trial, service, listings };
}

const twins: SourceConfig[] = [
  { alias: 'first', regions: [REGION] },
  { alias: 'second', regions: [REGION] },
];

describe('a source that the configuration shows to be the same as an earlier one', () => {
  it('fails in each pass with a message and without a call, does not count as missing, and all others are collected', async () => {
    const { pass, db, config, service } = await startTwice([{ alias: 'first', accountId: ACCOUNT, regions: [REGION] }]);
    config.refused = [{ alias: 'second', region: REGION, sentence: 'The source "second" is the same as "first".' }];
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    const ends = sources.map(({ alias, outcome, accountId }) => ({ alias, outcome, accountId }));
    expect(ends.sort((a, b) => (a.alias < b.alias ? -1 : 1))).toEqual([
      { alias: 'first', outcome: 'complete', accountId: ACCOUNT },
      { alias: 'second', outcome: 'failed', accountId: null },
    ]);
    expect(service.calls.filter(({ operation }) => operation === 'GetCallerIdentity')).toHaveLength(1);
    expect(rowsOf(db, 'owed_sources').map(({ alias }) => alias)).toEqual(['first']);
  });
});

describe('two sources that turn out to be one account and region', () => {
  it('are collected once: the second source fails with a message that names both, and stores nothing under that account', async () => {
    const { pass, db, listings } = await startTwice(twins);
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    expect(sources.find(({ alias }) => alias === 'first')).toMatchObject({ outcome: 'complete', accountId: ACCOUNT });
    expect(sources.find(({ alias }) => alias === 'second')).toMatchObject({
      outcome: 'failed',
      accountId: null,
      rowsSeen: 0,
      error: expect.stringMatching(/"second" is the same as "first": both are account 111122223333 in eu-west-1/),
    });
    const once = listings();
    expect(once).toBe(rowsOf(db, 'sweeps').filter(({ operation }) => operation === 'ListCommandInvocations').length);
    const status = readStatus(db.sqlite, START.getTime());
    expect(status.sources).toMatchObject([{ accountId: ACCOUNT, alias: 'first', lastOutcome: 'complete' }]);
    expect(status.namelessSources).toMatchObject([{ alias: 'second', region: REGION }]);
  });

  it.each([0, 1])('are ranked by the order in the configuration, however slowly one answers (%i)', async (slow) => {
    let identities = 0;
    const { pass } = await startTwice(twins, async ({ operation }) => {
      if (operation === 'GetCallerIdentity' && identities++ === slow) await sleep(300);
      return undefined;
    });
    const { sources } = await pass();
    expect(sources.map(({ alias, outcome }) => [alias, outcome]).sort()).toEqual([
      ['first', 'complete'],
      ['second', 'failed'],
    ]);
  });

  it('are refused only in the region that both have, even if it is a default; all other regions are collected', async () => {
    const { pass, config } = await startTwice(
      [
        { alias: 'first', regions: ['eu-west-1', 'us-east-1'] },
        { alias: 'second', regions: ['us-east-1', 'eu-central-1'] },
        { alias: 'third', regions: [] },
        { alias: 'other', roleArn: role(OTHER, 'x'), regions: ['eu-west-1'] },
      ],
      ({ operation, accessKeyId }) => {
        if (operation === 'AssumeRole') return assumed('ASIAOTHER');
        return operation === 'GetCallerIdentity' && accessKeyId === 'ASIAOTHER' ? identity(OTHER) : undefined;
      },
    );
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const { sources } = await pass({ config });
    vi.unstubAllEnvs();
    expect(sources.map(({ alias, region, outcome }) => `${alias} ${region} ${outcome}`).sort()).toEqual([
      'first eu-west-1 complete',
      'first us-east-1 complete',
      'other eu-west-1 complete',
      'second eu-central-1 complete',
      'second us-east-1 failed',
      'third eu-central-1 failed',
    ]);
  });

  it('are refused even if a pass collects only the second source of the two', async () => {
    const { pass, db } = await startTwice(twins);
    const { sources } = await pass({ alias: 'second' });
    expect(sources).toMatchObject([{ alias: 'second', outcome: 'failed', error: expect.stringMatching(/"first"/) }]);
    expect(rowsOf(db, 'invocations')).toEqual([]);
    expect(rowsOf(db, 'coverage')).toEqual([]);
  });

  it('are collected through the second source if the first cannot be asked', async () => {
    const [, second] = twins;
    if (!second) throw new Error('There are two.');
    const { pass } = await startTwice(
      [{ alias: 'first', roleArn: role(ACCOUNT, 'gone'), regions: [REGION] }, second],
      ({ operation }) =>
        operation === 'AssumeRole'
          ? {
              status: 403,
              contentType: 'text/xml',
              body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>No.</Message></Error></ErrorResponse>',
            }
          : undefined,
    );
    const { sources } = await pass();
    expect(sources.map(({ alias, outcome }) => [alias, outcome]).sort()).toEqual([
      ['first', 'failed'],
      ['second', 'complete'],
    ]);
  });

  it('are both named by `doctor`', async () => {
    const { config } = await startTwice(twins);
    const deps = { now: () => START, random: () => 0, signal: new AbortController().signal, aws: config.aws };
    const places = new Map<string, string>();
    const checks = [];
    for (const source of twins) checks.push(...(await checkSource({ ...deps, places }, source, REGION)));
    expect(checks.filter(({ state }) => state === 'failed')).toMatchObject([
      { what: 'second eu-west-1: source', detail: expect.stringMatching(/the same as "first"/) },
    ]);
  });

  it('do not wait for a source that cannot be the same: its role is of another account, or it is in another region', async () => {
    const never = new Promise<undefined>(() => {});
    const stopping = new AbortController();
    const { pass } = await startTwice(
      [
        { alias: 'silent', regions: ['us-east-1'] },
        { alias: 'mute', roleArn: role(OTHER, 'mute'), regions: [REGION] },
        { alias: 'second', regions: [REGION] },
      ],
      ({ operation }) => (operation === 'AssumeRole' ? never : undefined),
    );
    const ended: string[] = [];
    const running = pass({
      signal: stopping.signal,
      config: { callDeadlineMs: 60_000 },
      onProgress: ({ alias, outcome }) => outcome !== 'running' && ended.push(alias),
    });
    await expect.poll(() => ended, { timeout: 10_000 }).toEqual(expect.arrayContaining(['second', 'silent']));
    stopping.abort();
    await running;
  });
});
