import { describe, expect, it } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import { checkSource } from '../../../src/ingest/check-source.ts';
import { reconcile } from '../../../src/ingest/reconcile/reconcile.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { rawInvocation } from '../../archive/raw-invocation.ts';
import { rowsOf } from '../../db/temp-archive.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';
import { startTinyService, type TinyAnswer, type TinyHistory } from '../tiny-service.ts';

const SOURCE = { accountId: ACCOUNT, region: REGION };
const T = (START.getTime() - 50 * HOUR_MS) / 1000;

/** A trial whose calls go to a tiny service, with credentials of its own and without a role. */
async function startTinyTrial(answers: Record<string, TinyAnswer> = {}, history: TinyHistory = {}) {
  const service = await startTinyService(({ operation }) => answers[operation], history);
  const trial = await startTrial({ invocations: 0 });
  trial.config.sources = [{ alias: 'tiny', regions: [REGION] }];
  trial.config.aws = { endpoint: service.url, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  const coverage = () => readCoverage(trial.db.sqlite, { nowMs: START.getTime(), settlingMs: trial.config.settlingMs });
  return { ...trial, service, answers, coverage };
}

describe('a reply with status 200 that is not a listing', () => {
  it.each([
    ['{}', /no list CommandInvocations/],
    ['{"CommandInvocations":null}', /no list CommandInvocations \(it is null\)/],
    ['{"CommandInvocations":{}}', /no list CommandInvocations \(it is of the type object\)/],
    ['{"CommandInvocations":"none"}', /no list CommandInvocations \(it is of the type string\)/],
    ['{"__type":"InternalServerError"}', /no list CommandInvocations, and the error InternalServerError/],
    ['{"NextToken":"t"}', /no list CommandInvocations/],
    ['{"Commands":[],"CommandInvocations":null}', /no list CommandInvocations \(it is null\)/],
    ['{"Commands":[]}', /no list CommandInvocations/],
    [
      '<!DOCTYPE html><html><title>Sign in</title></html>',
      /does not come from AWS: .* page of HTML with the title "Sign in".*proxy/,
    ],
  ])('covers nothing, and is reported: %s', async (body, words) => {
    const { pass, db, service, coverage } = await startTinyTrial({ ListCommandInvocations: { body } });
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    expect(sources[0]?.error).toMatch(words);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
    expect(coverage().map(({ isComplete }) => isComplete)).toEqual([false]);
    expect(coverage()[0]?.gaps[0]?.cause).toMatch(words);
    // The call was repeated before it was given up.
    const asked = service.calls.filter(({ operation }) => operation === 'ListCommandInvocations');
    expect(asked.length).toBeGreaterThanOrEqual(10);
  });

  it.each(['{}', '{"Commands":null}', '{"CommandInvocations":[]}', '{"__type":"InternalServerError"}'])(
    'does not count as a listing of commands either: %s',
    async (body) => {
      const { pass, db } = await startTinyTrial({ ListCommands: { body } });
      const { outcome, sources } = await pass();
      expect(outcome).toBe('failed');
      expect(sources[0]?.error).toMatch(/reply to ListCommands has no list Commands/);
      expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
      expect(rowsOf(db, 'command_listings')).toEqual([]);
    },
  );

  it('is requested again, and a good reply then counts', async () => {
    const bad = ['{}', '{"CommandInvocations":null}'];
    const service = await startTinyService(({ operation }) => {
      const body = operation === 'ListCommandInvocations' ? bad.shift() : undefined;
      return body === undefined ? undefined : { body };
    });
    const { pass, config, db } = await startTrial({ invocations: 0 });
    const aws = { endpoint: service.url, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
    const { outcome, sources } = await pass({ config: { aws, sources: config.sources } });
    expect(outcome).toBe('complete');
    expect(sources[0]?.faults).toBe(2);
    expect(listCovered(db.sqlite, SOURCE)).toHaveLength(1);
  });

  it('does not count as a permission in `doctor`, or as an equal listing in `reconcile`', async () => {
    const { config, db } = await startTinyTrial({ ListCommandInvocations: { body: '{}' } });
    const deps = { now: () => START, random: () => 0, signal: new AbortController().signal };
    const checks = await checkSource({ ...deps, aws: config.aws }, { alias: 'tiny', regions: [] }, REGION);
    expect(checks.find(({ what }) => what.endsWith('ssm:ListCommandInvocations'))).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/no list CommandInvocations/),
    });
    const [result] = await reconcile({ ...deps, db, config });
    expect(result?.error).toMatch(/no list CommandInvocations/);
  });
});

describe('a good reply', () => {
  it.each([
    ['an error beside the list', '{"__type":"Anything","CommandInvocations":[]}'],
    ['an empty list and an empty token', '{"CommandInvocations":[],"NextToken":""}'],
  ])('may have %s, and its span still counts as covered', async (_what, body) => {
    const { pass, coverage } = await startTinyTrial({ ListCommandInvocations: { body } });
    expect((await pass()).outcome).toBe('complete');
    expect(coverage().map(({ isComplete, gaps }) => [isComplete, gaps])).toEqual([[true, []]]);
  });
});

describe('a reply of STS', () => {
  it.each([
    ['text that is not XML', '{}'],
    ['no account', '<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>'],
    [
      'an account that does not have 12 digits',
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>x</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    ],
  ])('with %s names no account, and nothing is collected under any account', async (_what, body) => {
    const { pass, db, service } = await startTinyTrial({ GetCallerIdentity: { body, contentType: 'text/xml' } });
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    expect(sources[0]).toMatchObject({ accountId: null, error: expect.stringMatching(/account of 12 digits/) });
    expect(rowsOf(db, 'coverage')).toEqual([]);
    expect(service.calls.length).toBe(10);
  });

  it('to AssumeRole without credentials is requested again, and then reported', async () => {
    const { pass, service } = await startTinyTrial({
      AssumeRole: { body: '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>', contentType: 'text/xml' },
    });
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/ssm-archive`;
    const { sources } = await pass({ config: { sources: [{ alias: 'tiny', roleArn, regions: [REGION] }] } });
    expect(sources[0]).toMatchObject({ outcome: 'failed', error: expect.stringMatching(/no access key.*AssumeRole/) });
    expect(service.calls.length).toBe(10);
  });

  it.each([
    ['STS', 'GetCallerIdentity', 200],
    ['STS', 'GetCallerIdentity', 403],
    ['a role', 'AssumeRole', 200],
    ['SSM', 'ListCommands', 502],
    ['SSM', 'ListCommandInvocations', 407],
  ])('is described in plain words if a page of HTML comes instead of %s (%s, %i)', async (_who, operation, status) => {
    const page = { status, body: '<html><head><title>Proxy</title></head></html>', contentType: 'text/html' };
    const { pass } = await startTinyTrial({ [operation]: page });
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/ssm-archive`;
    const { sources } = await pass({ config: { sources: [{ alias: 'tiny', roleArn, regions: [REGION] }] } });
    expect(sources[0]?.error).toMatch(
      new RegExp(
        `The answer does not come from AWS: it has status ${status} and a page of HTML with the title "Proxy"`,
      ),
    );
    expect(sources[0]?.error).not.toMatch(/Deserialization|SyntaxError/);
  });
});

describe('an element of a listing that has no ids', () => {
  const good = [1, 2, 3].map((n) => rawInvocation({ InstanceId: `i-${n}`, RequestedDateTime: T }));

  it.each([
    ['no InstanceId', { CommandId: 'c', RequestedDateTime: T + 0.5 }],
    ['an empty CommandId', { CommandId: '', InstanceId: 'i-9', RequestedDateTime: T + 0.5 }],
    ['a number for an id', { CommandId: 7, InstanceId: 'i-9', RequestedDateTime: T + 0.5 }],
  ])(
    '(%s) is lost, and the second in which it was requested counts as not covered; the rest of the reply and slice is kept',
    async (_what, bad) => {
      const { pass, db, coverage } = await startTinyTrial({}, { invocations: [...good, bad] });
      const { outcome, sources } = await pass();
      expect(outcome).toBe('failed');
      expect(sources[0]?.error).toMatch(/showed an invocation without a CommandId or an InstanceId, requested at 2026/);
      expect(rowsOf(db, 'invocations')).toHaveLength(3);
      const [place] = coverage();
      expect(place?.isComplete).toBe(false);
      expect(place?.gaps).toMatchObject([
        {
          from: new Date(T * 1000).toISOString(),
          to: new Date((T + 1) * 1000).toISOString(),
          cause: expect.stringMatching(/without a CommandId or an InstanceId/),
        },
      ]);
    },
  );

  it.each([[null], ['text'], [[]], [{ CommandId: 'c' }]])(
    '(%j) and no time leaves its whole slice uncovered; once the service shows it correctly, the slice is covered',
    async (bad) => {
      const { pass, db, answers, coverage, simulator } = await startTinyTrial();
      const body = JSON.stringify({ CommandInvocations: [...good, bad] });
      answers.ListCommandInvocations = { body };
      expect((await pass()).sources[0]?.error).toMatch(/at an unknown time/);
      expect(rowsOf(db, 'invocations')).toHaveLength(3);
      expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
      answers.ListCommandInvocations = { body: JSON.stringify({ CommandInvocations: good }) };
      simulator.clock.advance(1000);
      expect((await pass()).outcome).toBe('complete');
      expect(coverage()[0]?.isComplete).toBe(true);
    },
  );

  it('is lost if it is a command: the other commands are kept, but the listing of commands counts as incomplete', async () => {
    const commands = [{ CommandId: 'c', RequestedDateTime: T }, { RequestedDateTime: T }];
    const { pass, db } = await startTinyTrial({}, { commands });
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    expect(sources[0]?.error).toMatch(/showed a command without a CommandId/);
    expect(rowsOf(db, 'commands').map(({ command_id }) => command_id)).toEqual(['c']);
    expect(rowsOf(db, 'command_listings')).toEqual([]);
  });

  it('is counted by `reconcile` as unreadable, apart from the elements that it compares', async () => {
    const { pass, db, config, service } = await startTinyTrial({}, { invocations: good });
    await pass();
    service.history.invocations = [...good, { RequestedDateTime: T }];
    const deps = { now: () => START, random: () => 0, signal: new AbortController().signal };
    const [result] = await reconcile({ ...deps, db, config });
    expect(result).toMatchObject({ compared: 3, equal: 3, unreadable: 1 });
  });
});

describe('another archive that is asked instead of AWS', () => {
  it('covers nothing if it states no coverage, which is reported; the invocations that it shows are kept', async () => {
    const invocations = [rawInvocation({ RequestedDateTime: T })];
    const { pass, db, service } = await startTinyTrial({}, { invocations });
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    const aws = { endpoint: service.url, credentials, isArchive: true as const };
    const { outcome, sources } = await pass({ config: { aws } });
    expect(outcome).toBe('failed');
    expect(sources[0]?.error).toMatch(/SSM_ARCHIVE_UPSTREAM.*no x-ssm-archive-coverage/);
    expect(rowsOf(db, 'invocations')).toHaveLength(1);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
  });
});
