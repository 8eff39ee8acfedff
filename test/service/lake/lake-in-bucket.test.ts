import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import SQLite from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { makeBucket } from '../../lake/store/s3/moto-bucket.ts';
import { s3Client } from '../../simulator/clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../simulator/start-moto.ts';
import { serve } from '../serve.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

/** The first days of an archive, and one of its nodes and commands that ran something on the second of them. */
function factsOf({ archive }: Setting) {
  const sqlite = new SQLite(archive, { readonly: true });
  try {
    const days = sqlite
      .prepare<[], string>(
        'SELECT DISTINCT substr(requested_at, 1, 10) FROM invocations WHERE requested_at > 1 ORDER BY 1 LIMIT 3',
      )
      .pluck()
      .all();
    const [from = '', second = '', to = ''] = days;
    const row = sqlite
      .prepare<[string, string], { instanceId: string; path: string }>(
        `SELECT instance_id AS instanceId, account_id || '/' || region || '/' || command_id || '/' || instance_id AS path
           FROM invocations WHERE requested_at >= ? AND requested_at < ?`,
      )
      .get(second, to);
    if (!row) throw new Error('nothing ran on the second day');
    return { from, to, ...row };
  } finally {
    sqlite.close();
  }
}

/** Asks a server for what was requested before a day, in several forms. */
async function answersOf(url: string, { to, instanceId, path }: { to: string; instanceId: string; path: string }) {
  const span = `requestedBefore=${to}T00:00:00Z`;
  const asked = [`?${span}&limit=200`, `?${span}&format=csv`, `?${span}&instanceId=${instanceId}`, `/${path}`];
  return Promise.all(
    asked.map(async (question) => {
      const reply = await fetch(`${url}/v1/invocations${question}`);
      return { status: reply.status, text: await reply.text() };
    }),
  );
}

it.skipIf(isWithoutMoto)(
  `what the processes of an archive seal into a bucket they answer as before, and say in words when the bucket fails ${NEEDS_MOTO}`,
  { timeout: 120_000 },
  async () => {
    if (!moto) throw new Error('moto is missing');
    const plain = await startSetting({ invocations: 90 });
    const { location, bucket, meddle } = await makeBucket(moto);
    const { AWS_ENDPOINT_URL_S3 = '' } = process.env;
    const env = { SSM_ARCHIVE_LAKE: location, SSM_ARCHIVE_SEAL_AFTER_DAYS: '7', SSM_ARCHIVE_SEAL_SCHEDULE: '' };
    const setting = { ...plain, env: { ...plain.env, ...env, AWS_ENDPOINT_URL_S3 } };
    const run = (...args: string[]) => start(setting, args).ended;
    const server = await serve(setting);
    const facts = factsOf(setting);
    const before = await answersOf(server.url, facts);
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    expect(await run('seal', '--before', facts.to)).toMatchObject({ code: 0 });

    // The bucket fails: nothing that is sealed is answered, and everything else is.
    meddle(({ response }) => {
      response.writeHead(503).end();
      return true;
    });
    const [refused, hot, verified] = await Promise.all([
      fetch(`${server.url}/v1/invocations/${facts.path}`),
      fetch(`${server.url}/v1/invocations?requestedAfter=${facts.to}T00:00:00Z&limit=1`),
      run('verify', '--lake'),
    ]);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain(`the lake ${location}/ can't be read`);
    expect(hot.status).toBe(200);
    expect(verified).toMatchObject({ code: 1, err: expect.stringContaining(`The lake ${location}/: `) });
    expect(verified.err).not.toMatch(/fault of ssm-archive|\n {4}at /);
    meddle(undefined);

    expect(await answersOf(server.url, facts)).toEqual(before);
    const [whole, looked, packed] = await Promise.all([
      run('verify', '--lake'),
      run('doctor', '--lake'),
      run('evidence', '--from', facts.from, '--to', facts.to, '--output', join(setting.folder, 'pack.zip')),
    ]);
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('2 sealed days') });
    expect(looked.out).toMatch(/lake: s3:\/\/\S+ has \d+ objects of this archive/);
    expect(packed).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(setting.folder, 'pack.zip'))).toBe(true);

    // Another object is at the place of one: what is kept beside the archive still answers, the rest does not.
    const key = `invocations/day=${facts.from}/archive-0.parquet`;
    await s3Client(moto).send(new PutObjectCommand({ Bucket: bucket, Key: `the/lake/${key}`, Body: 'another' }));
    expect(await answersOf(server.url, facts)).toEqual(before);
    expect(await run('verify', '--lake')).toMatchObject({ code: 1, out: expect.stringContaining(key) });
    rmSync(`${setting.archive}-lake-cache`, { recursive: true });
    const [wrong] = await answersOf(server.url, facts);
    expect(wrong).toMatchObject({ status: 503, text: expect.stringContaining(`The object ${key} in the lake`) });
    expect(await server.stop()).toBe(0);
  },
);
