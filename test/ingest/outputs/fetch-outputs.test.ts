import { describe, expect, it } from 'vitest';
import { keepFetched, listQueued } from '../../../src/archive/outputs/queued-outputs.ts';
import { countQueue } from '../../../src/archive/outputs/read-cut-outputs.ts';
import { ACCOUNT, REGION } from '../archive-trial.ts';
import { bytesOf, faults, fetched, outputTrial, printed, queue } from './output-trial.ts';

describe('a pass that fetches full outputs', () => {
  it('makes not one call more than before where that is not configured', async () => {
    const trial = await outputTrial({});
    await trial.pass();
    const { ListCommands, ListCommandInvocations, ...others } = trial.simulator.stats.calls;
    expect(Object.keys(others).filter((name) => !/GetCallerIdentity|AssumeRole/.test(name))).toEqual([]);
    expect(fetched(trial)).toEqual([]);
    expect(queue(trial)).toEqual([]);
  });

  it('keeps of every step whose output was cut what the service still has, and says where it is cut', async () => {
    const trial = await outputTrial({}, { from: ['get'] });
    expect((await trial.fetchPass()).outcome).toBe('complete');
    const rows = fetched(trial);
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const whole = printed(trial, row).toString();
      const kept = row.text.replace(/--output truncated--$/, '');
      expect(whole.startsWith(row.cutBy === null ? row.text : kept.replace(/\ufffd+$/, ''))).toBe(true);
      if (row.cutBy === null) expect(row.text).toBe(whole);
    }
    expect(new Set(rows.map(({ cutBy }) => cutBy))).toEqual(new Set([null, 'service']));
    expect(queue(trial)).toEqual([]);
    expect(faults(trial)).toEqual([]);
    expect(trial.warnings).toEqual([]);
  });

  it('puts log streams together from their events', async () => {
    const trial = await outputTrial({ logGroupShare: 1 }, { from: ['logs'] });
    await trial.fetchPass();
    const rows = fetched(trial).filter(({ encoding }) => encoding === 'utf-8');
    expect(rows.length).toBeGreaterThan(5);
    const plain = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n$/, '');
    const wholes = rows.filter(({ cutBy }) => cutBy === null);
    expect(wholes.length).toBeGreaterThan(3);
    for (const row of wholes) expect(plain(row.text)).toBe(plain(printed(trial, row).toString()));
    expect(faults(trial)).toEqual([]);
  });

  it('makes no more calls than it may, begins with what the service forgets first, and goes on in the next pass', async () => {
    const trial = await outputTrial({}, { callsAPass: 3 });
    await trial.fetchPass();
    const calls = () => trial.simulator.stats.calls;
    expect(calls()).toMatchObject({ GetCommandInvocation: 3 });
    expect(calls().GetObject ?? 0).toBe(0);
    const oldest = trial.db.sqlite
      .prepare('SELECT min(requested_at) FROM output_queue WHERE provenance = ?')
      .pluck()
      .get('get');
    const newest = trial.db.sqlite
      .prepare('SELECT max(requested_at) FROM full_outputs JOIN invocations ON id = invocation_id')
      .pluck()
      .get();
    expect(String(newest) <= String(oldest)).toBe(true);
    const waiting = queue(trial).length;
    await trial.fetchPass();
    expect(queue(trial).length).toBeLessThan(waiting);
    expect(calls()).toMatchObject({ GetCommandInvocation: 6 });
    await trial.fetchPass({ callsAPass: 100_000 });
    expect(queue(trial)).toEqual([]);
    const rows = fetched(trial);
    expect(new Set(rows.map(({ provenance }) => provenance))).toEqual(new Set(['get', 'logs', 's3']));
    const before = { ...calls() };
    await trial.fetchPass();
    for (const name of ['GetCommandInvocation', 'GetObject', 'GetLogEvents']) expect(calls()[name]).toBe(before[name]);
    expect(fetched(trial)).toEqual(rows);
  });

  it('reads only the buckets and log groups that are allowed, and asks for nothing of others', async () => {
    const trial = await outputTrial(
      {},
      { from: ['logs', 's3'], buckets: ['acme-ssm-*'], logGroups: ['/aws/ssm/other'] },
    );
    await trial.fetchPass();
    expect(trial.simulator.stats.calls).not.toHaveProperty('GetLogEvents');
    const stores = trial.db.sqlite
      .prepare("SELECT DISTINCT location_json ->> '$.bucket' FROM full_outputs")
      .pluck()
      .all();
    expect(stores).toEqual(['acme-ssm-output']);
  });

  it('selects by account, document and status', async () => {
    const trial = await outputTrial({}, { from: ['get'], statuses: ['Success'], documents: ['AWS-*'] });
    await trial.fetchPass({ accounts: ['999999999999'] });
    expect(queue(trial)).toEqual([]);
    trial.db.sqlite.exec('DELETE FROM output_queue_marks');
    await trial.fetchPass();
    const statuses = trial.db.sqlite
      .prepare('SELECT DISTINCT status FROM full_outputs JOIN invocations ON id = invocation_id')
      .pluck()
      .all();
    expect(statuses).toEqual(['Success']);
  });
});

describe('what goes wrong while outputs are fetched', () => {
  it.each([
    ['is throttled', { throttleRate: 0.3 }],
    ['answers 500', { errorRate: 0.3 }],
    ['drops connections', { dropRate: 0.3 }],
    ['ends bodies in their middle', { halfRate: 0.3 }],
  ])('fails no pass if the service %s, and loses and doubles nothing', async (_, fault) => {
    const byOperation = { GetCommandInvocation: fault, GetObject: fault, GetLogEvents: fault };
    const trial = await outputTrial({ faults: { byOperation } }, { maxBytes: 100_000 });
    for (let n = 0; n < 12 && (n === 0 || queue(trial).length > 0); n++)
      expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(queue(trial)).toEqual([]);
    const rows = fetched(trial);
    for (const row of rows.filter(({ provenance }) => provenance === 's3'))
      expect(bytesOf(row)?.equals(printed(trial, row).subarray(0, row.sizeBytes))).toBe(true);
    expect(rows.length).toBeGreaterThan(20);
    expect(faults(trial)).toEqual([]);
  });

  it('warns once of all that is denied, with the policy to grant, and fetches it once it is granted', async () => {
    const trial = await outputTrial({ faults: { deniedOperations: ['GetCommandInvocation', 'GetObject'] } });
    expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(trial.warnings).toHaveLength(1);
    const [, policy = ''] = /Grant (\{.*\}),/.exec(trial.warnings[0] ?? '') ?? [];
    expect(JSON.parse(policy).Statement).toEqual([
      { Effect: 'Allow', Action: ['ssm:GetCommandInvocation'], Resource: ['*'] },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: ['acme-run-command-logs', 'acme-ssm-output'].flatMap((bucket) => [
          `arn:aws:s3:::${bucket}`,
          `arn:aws:s3:::${bucket}/*`,
        ]),
      },
    ]);
    // Three calls for each place, whatever waits there, each of which the SDK may repeat once with a corrected clock.
    expect(trial.simulator.stats.calls.GetCommandInvocation).toBeLessThanOrEqual(6);
    expect(queue(trial).every(({ tries, gaveUpAt }) => tries === 0 && gaveUpAt === null)).toBe(true);
    // Each has the reason, whether it was asked itself or not.
    const reasons = queue(trial).map(({ lastError }) => lastError);
    expect(reasons.length).toBeGreaterThan(2);
    expect(reasons.every((reason) => reason?.startsWith('Denied: '))).toBe(true);
    // `doctor` and the pages tell the same of them.
    expect(countQueue(trial.db.sqlite)).toEqual({ waiting: reasons.length, denied: reasons.length, gaveUp: 0 });
    trial.simulator.faults.deniedOperations = [];
    await trial.fetchPass();
    expect(queue(trial)).toEqual([]);
    expect(trial.warnings).toHaveLength(1);
  });

  it('fetches the others of a bucket in which some objects are denied, however old those are, and keeps those for later', async () => {
    const stores = ['acme-ssm-output', 'acme-run-command-logs'];
    const trial = await outputTrial({ longOutputShare: 0.5, faults: { deniedStores: stores } }, { from: ['s3'] });
    await trial.fetchPass();
    const waiting = trial.db.sqlite
      .prepare<[], { id: number; path: string }>(
        `SELECT q.rowid AS id, substr(standard_output_url, instr(standard_output_url, '/acme') + 1) AS path
           FROM output_queue q JOIN plugins p USING (invocation_id, position) ORDER BY q.requested_at, q.rowid`,
      )
      .all();
    expect(waiting.length).toBeGreaterThan(15);
    const denied = waiting.filter((_, n) => n % 4 === 0);
    trial.simulator.faults.deniedStores = denied.map(({ path }) => path.replace(/\/stdout$/, ''));
    // The first denials of a pass are moved behind all others, so that each pass reaches more of the rest.
    for (let pass = 1; pass <= 10; pass++) await trial.fetchPass();
    const left = trial.db.sqlite.prepare('SELECT rowid FROM output_queue ORDER BY requested_at, rowid').pluck().all();
    expect(left).toEqual(denied.map(({ id }) => id));
    expect(queue(trial).every(({ tries, gaveUpAt }) => tries === 0 && gaveUpAt === null)).toBe(true);
    trial.simulator.faults.deniedStores = [];
    await trial.fetchPass();
    expect(queue(trial)).toEqual([]);
    expect(faults(trial)).toEqual([]);
  });

  it('keeps the reason of a refusal if the pass may make no more calls after it', async () => {
    const trial = await outputTrial(
      { faults: { deniedOperations: ['GetCommandInvocation'] } },
      { from: ['get'], callsAPass: 1 },
    );
    await trial.fetchPass();
    expect(queue(trial).some(({ lastError }) => lastError?.startsWith('Denied: '))).toBe(true);
  });

  it('gives up what is gone, and keeps the reason', async () => {
    const trial = await outputTrial({ faults: { deletedStores: ['acme-ssm-output'] } }, { from: ['s3'] });
    await trial.fetchPass();
    const gone = queue(trial);
    expect(gone.length).toBeGreaterThan(0);
    for (const { gaveUpAt, lastError } of gone) {
      expect(gaveUpAt).not.toBeNull();
      expect(lastError).toContain('NoSuchBucket');
    }
    const { GetObject } = trial.simulator.stats.calls;
    await trial.fetchPass();
    expect(trial.simulator.stats.calls.GetObject).toBe(GetObject);
  });

  it('follows a bucket into the region that S3 names for it', async () => {
    const bucketRegions = { 'acme-ssm-output': 'eu-central-1', 'acme-run-command-logs': 'us-east-1' };
    const trial = await outputTrial({ bucketRegions }, { from: ['s3'] });
    await trial.fetchPass();
    expect(queue(trial)).toEqual([]);
    expect(fetched(trial).length).toBeGreaterThan(5);
  });

  it('stores nothing and keeps the step queued if another collector has taken over, or the process ends', async () => {
    const trial = await outputTrial({}, { from: ['get'], callsAPass: 1 });
    await trial.fetchPass();
    const { sqlite } = trial.db;
    const before = fetched(trial).length;
    const [queued] = listQueued(sqlite, { accountId: ACCOUNT, region: REGION }, 'get', undefined);
    if (!queued) throw new Error('Nothing is queued.');
    const output = { stream: 'stdout', bytes: Buffer.from('a'), totalBytes: 1, cutBy: null, location: null } as const;
    const renew = () => {
      throw new Error('The lease is lost.');
    };
    expect(() => keepFetched(sqlite, queued, [output], { fetchedAt: 'now', renew })).toThrow('The lease is lost.');
    expect(fetched(trial)).toHaveLength(before);
    await trial.fetchPass({ callsAPass: 100_000 });
    expect(queue(trial)).toEqual([]);
    const keys = fetched(trial).map(
      ({ commandId, instanceId, position, stream }) => `${commandId} ${instanceId} ${position} ${stream}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
