import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { onTestEnd } from '../../on-test-end.ts';
import { fetched, outputTrial, queue } from './output-trial.ts';

const FLEET = {
  ...{ now: new Date(), invocations: 150, longOutputShare: 0.5, bucketShare: 1, logGroupShare: 1 },
};

/** A trial whose service answers some requests with an error: those whose path a function names. */
async function trialBehind(errorOf: (path: string) => [status: number, code: string] | undefined) {
  const trial = await outputTrial(FLEET, { from: ['s3'] });
  const { aws } = trial.config;
  if (!aws) throw new Error('The trial has no service.');
  const upstream = new URL(aws.endpoint);
  const between = createServer((incoming, response) => {
    const { method, headers, url: path = '' } = incoming;
    const [status, code] = errorOf(decodeURI(path)) ?? [];
    if (status !== undefined) {
      incoming.resume();
      response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
      return;
    }
    const { hostname, port } = upstream;
    const outgoing = request({ hostname, port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const address = between.address();
  aws.endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  onTestEnd(() => void between.close().closeAllConnections());
  return trial;
}

const buckets = ({ db }: Awaited<ReturnType<typeof trialBehind>>) =>
  db.sqlite
    .prepare<[], { name: string; n: number }>(
      'SELECT output_s3_bucket_name AS name, count(*) AS n FROM output_queue JOIN plugins USING (invocation_id, position) GROUP BY 1',
    )
    .all();

describe('a bucket that can’t be read', () => {
  it.each([
    ['has a key that is off', 400, 'KMS.DisabledException'],
    ['is throttled', 503, 'SlowDown'],
  ])('does not keep other buckets waiting if it %s', async (_, status, code) => {
    const trial = await trialBehind((path) => (path.startsWith('/acme-ssm-output/') ? [status, code] : undefined));
    expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(buckets(trial).map(({ name }) => name)).toEqual(['acme-ssm-output']);
    expect(fetched(trial).length).toBeGreaterThan(10);
    expect(trial.warnings.filter((warning) => warning.startsWith('Full outputs'))).toHaveLength(1);
  });
});

describe('objects that can’t be read', () => {
  it('keep the others of their bucket waiting for one pass only', async () => {
    const bad = new Set<string>();
    const trial = await trialBehind((path) => {
      const [, command] = /^\/acme-.*\/([0-9a-f-]{36})\//.exec(path) ?? [];
      if (command && (bad.size < 3 || bad.has(command))) bad.add(command);
      return command && bad.has(command) ? [400, 'KMS.DisabledException'] : undefined;
    });
    await trial.fetchPass();
    await trial.fetchPass();
    const left = trial.db.sqlite
      .prepare('SELECT DISTINCT command_id FROM output_queue JOIN invocations ON id = invocation_id')
      .pluck()
      .all();
    expect(left.every((command) => bad.has(String(command)))).toBe(true);
    expect(left.length).toBeGreaterThan(0);
  });
});

describe('objects that are all empty', () => {
  it('are not kept as what a step has printed whose listing shows some of it', async () => {
    const trial = await trialBehind((path) => (path.startsWith('/acme') ? [416, 'InvalidRange'] : undefined));
    expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(fetched(trial)).toEqual([]);
    expect(queue(trial).some(({ lastError }) => lastError?.startsWith('What lies there is empty'))).toBe(true);
  });
});

describe('a service that is throttled', () => {
  it('has no step given up, however often that was so, and the reason is kept', async () => {
    let isBusy = true;
    const trial = await trialBehind((path) => (isBusy && path.startsWith('/acme') ? [503, 'SlowDown'] : undefined));
    await trial.fetchPass({ callsAPass: 1 });
    trial.db.sqlite.exec('UPDATE output_queue SET tries = 9');
    expect((await trial.fetchPass()).outcome).toBe('complete');
    expect(queue(trial).every(({ tries, gaveUpAt }) => tries === 9 && gaveUpAt === null)).toBe(true);
    expect(queue(trial).some(({ lastError }) => lastError !== null)).toBe(true);
    isBusy = false;
    await trial.fetchPass();
    expect(queue(trial)).toEqual([]);
  });
});
