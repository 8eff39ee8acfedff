import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetched, outputTrial, queue } from './output-trial.ts';

const FETCHES = ['GetCommandInvocation', 'GetLogEvents', 'GetObject'] as const;
// The SDK repeats each refused call of a service whose clock is wrong, so this one has the right time.
const FLEET = {
  now: new Date(),
  seed: 5,
  invocations: 400,
  longOutputShare: 0,
  bucketShare: 1,
  logGroupShare: 1,
};

type Calls = Readonly<Record<string, number>>;

/** The calls of one pass, by operation. */
async function callsOf(
  trial: { simulator: { stats: { calls: Calls } } },
  pass: () => Promise<unknown>,
): Promise<Calls> {
  const before = { ...trial.simulator.stats.calls };
  await pass();
  const made = Object.entries(trial.simulator.stats.calls).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
  return Object.fromEntries(made.filter(([, n]) => n > 0));
}

/** The numbers of the documentation's table: without full outputs, and for each step or stream that is fetched. */
function documented(operation: string): { off: number; each: number } {
  const row = readFileSync('docs/operations.md', 'utf8')
    .split('\n')
    .find((line) => new RegExp(`^\\| \`${operation}\`[^|]*\\| \\d`).test(line));
  const [, off, each] = /\| (\d+) \| (\d+)/.exec(row ?? '') ?? [];
  return { off: Number(off), each: Number(each) };
}

const cutSteps = ({ db }: Awaited<ReturnType<typeof outputTrial>>) =>
  Number(
    db.sqlite
      .prepare(
        `SELECT count(*) FROM plugin_runs WHERE is_output_truncated
          AND invocation_status NOT IN ('Pending', 'InProgress', 'Delayed', 'Cancelling')`,
      )
      .pluck()
      .get(),
  );

describe('the calls of a pass', () => {
  it('are those of the documentation’s table for each place, and those of the listings stay the same', async () => {
    const plain = await outputTrial(FLEET);
    const off = await callsOf(plain, () => plain.pass());
    for (const operation of FETCHES) expect(off[operation] ?? 0).toBe(documented(operation).off);
    for (const [from, operation, streams] of [
      ['get', 'GetCommandInvocation', 1],
      ['logs', 'GetLogEvents', 2],
      ['s3', 'GetObject', 2],
    ] as const) {
      const trial = await outputTrial(FLEET, { from: [from] });
      const { [operation]: made = 0, ...others } = await callsOf(trial, () => trial.fetchPass());
      // The clients of S3 and CloudWatch Logs assume the role too.
      const { AssumeRole = 0, ...listings } = others;
      expect({ ...listings, AssumeRole: AssumeRole - (from === 'get' ? 0 : documented('AssumeRole').each) }).toEqual(
        off,
      );
      const steps = cutSteps(trial);
      expect(steps).toBeGreaterThan(3);
      const { each } = documented(operation);
      // What is not there is asked for once.
      const missing = from === 'logs' ? steps * streams - fetched(trial).length : 0;
      expect(made, operation).toBe(steps * streams * each - missing * (each - 1));
    }
  });

  it('are bounded by the budget of all places together, but for the step that was begun', async () => {
    const trial = await outputTrial(FLEET, { callsAPass: 7 });
    const perStep = 2 * documented('GetLogEvents').each;
    for (let pass = 0; pass < 4; pass++) {
      const calls = await callsOf(trial, () => trial.fetchPass());
      const made = FETCHES.reduce((sum, name) => sum + (calls[name] ?? 0), 0);
      expect(made).toBeGreaterThan(0);
      expect(made).toBeLessThan(7 + perStep);
    }
  });
});

describe('a command that names what is not allowed', () => {
  it('has no bucket and no log group asked, not even whether it is there', async () => {
    const config = {
      buckets: ['acme-ssm-outpu', 'acme-ssm-output-*'],
      logGroups: ['/aws/ssm/flee', '/aws/ssm/fleet/*'],
    };
    const trial = await outputTrial(FLEET, { ...config, from: ['logs', 's3'] });
    const calls = await callsOf(trial, () => trial.fetchPass());
    expect(Object.keys(calls).filter((name) => !/^(List|AssumeRole|GetCallerIdentity)/.test(name))).toEqual([]);
    expect(queue(trial)).toEqual([]);
  });

  it('can’t lead to another address: the one in its data is not asked, and its object is read from S3', async () => {
    const trial = await outputTrial(FLEET, { from: ['s3'] });
    await trial.pass();
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end('secret');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close().closeAllConnections());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const column of ['standard_output_url', 'standard_error_url'])
      trial.db.sqlite
        .prepare(
          `UPDATE plugins SET ${column} = 'http://127.0.0.1:${port}' || substr(${column}, instr(${column}, 'amazonaws.com') + 13)
            WHERE ${column} LIKE '%amazonaws.com/%'`,
        )
        .run();
    await trial.fetchPass();
    expect(fetched(trial).length).toBeGreaterThan(3);
    expect(asked).toBe(0);
  });

  it('can’t lead to a region that is none, whatever the bucket’s answer says', async () => {
    const bucketRegions = { 'acme-ssm-output': '127.0.0.1:9', 'acme-run-command-logs': 'eu-west-1.evil.example' };
    const trial = await outputTrial({ ...FLEET, bucketRegions }, { from: ['s3'] });
    expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(fetched(trial)).toEqual([]);
    for (const { tries, gaveUpAt } of queue(trial)) expect([tries <= 1, gaveUpAt]).toEqual([true, null]);
  });
});
