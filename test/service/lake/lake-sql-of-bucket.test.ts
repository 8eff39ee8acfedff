import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { start, startSetting } from '../../end-to-end/run-cli.ts';
import { makeBucket } from '../../lake/store/s3/moto-bucket.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../simulator/start-moto.ts';
import { serve } from '../serve.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

const NUMBER = 7;
const SQL = `SELECT id, account_id, region, instance_id, status, requested_at, comment FROM invocations ORDER BY id`;
const STEPS = `SELECT p.invocation_id, p."position", p.output FROM plugins p JOIN invocations i ON i.id = p.invocation_id
  ORDER BY 1, 2`;
const REPORTS = [
  { name: 'all-runs', description: 'All runs.', sql: SQL, engine: 'lake' },
  { name: 'all-steps', description: 'All steps.', sql: STEPS, engine: 'lake' },
];

/** What SQLite has before anything is sealed: the runs and the steps, and the third day. */
function factsOf(archive: string) {
  const sqlite = new SQLite(archive, { readonly: true });
  try {
    const rows = (sql: string) => sqlite.prepare<[], unknown[]>(sql).raw().all();
    const steps = STEPS.replace('p.output', 'o.text').replace('ORDER', 'LEFT JOIN outputs o ON o.id = output_id ORDER');
    const [, , [day] = []] = rows('SELECT DISTINCT substr(requested_at, 1, 10) FROM invocations ORDER BY 1');
    return { runs: rows(SQL), steps: rows(steps), day: String(day) };
  } finally {
    sqlite.close();
  }
}

it.skipIf(isWithoutMoto)(
  `SQL and reports over a lake in a bucket, of an archive with a number, answer as SQLite did before: by the command on the file, by the command on a server, and by the API ${NEEDS_MOTO}`,
  { timeout: 240_000 },
  async () => {
    if (!moto) throw new Error('moto is missing');
    const plain = await startSetting({ invocations: 90 });
    const { location, meddle } = await makeBucket(moto);
    const { AWS_ENDPOINT_URL_S3 = '' } = process.env;
    const config = join(plain.folder, 'archive.yaml');
    writeFileSync(config, JSON.stringify({ number: NUMBER, reports: REPORTS, lake: location }));
    const sealing = { SSM_ARCHIVE_SEAL_AFTER_DAYS: '7', SSM_ARCHIVE_SEAL_SCHEDULE: '', SSM_ARCHIVE_CONFIG: config };
    const setting = { ...plain, env: { ...plain.env, ...sealing, AWS_ENDPOINT_URL_S3 } };
    const run = (...args: string[]) => start(setting, args).ended;
    const server = await serve(setting);
    const { runs, steps, day } = factsOf(setting.archive);
    expect(runs.length).toBeGreaterThan(80);
    expect(runs[0]).toEqual(expect.arrayContaining([NUMBER * 2 ** 40 + 1]));
    expect(await run('seal', '--before', day)).toMatchObject({ code: 0 });

    const onServer = ['--url', server.url];
    const objects = (lines: string) =>
      lines
        .split('\n')
        .slice(0, -1)
        .map((line) => Object.values(JSON.parse(line)));
    for (const [args, rows] of [
      [['sql', '--lake', SQL], runs],
      [['sql', '--lake', STEPS, ...onServer], steps],
      [['sql', '--lake', SQL, ...onServer], runs],
      [['report', 'all-runs'], runs],
      [['report', 'all-steps', ...onServer], steps],
    ] as const) {
      const { code, out, err } = await run(...args, '--format', 'ndjson');
      expect([args, code, err]).toEqual([
        args,
        0,
        expect.stringContaining('This answer is of the lake, with the days'),
      ]);
      expect([args, objects(out)]).toEqual([args, rows]);
    }
    const reply = await fetch(`${server.url}/v1/reports/all-runs?limit=1000`);
    expect(await reply.json()).toMatchObject({ engine: 'lake', rows: runs });

    // What is fetched once is kept beside the archive. Without that, a bucket that fails is said in words everywhere.
    rmSync(`${setting.archive}-lake-cache`, { recursive: true });
    meddle(({ response }) => {
      response.writeHead(503).end();
      return true;
    });
    const failed = `the lake ${location}/ can't be read`;
    for (const args of [
      ['sql', '--lake', SQL],
      ['sql', '--lake', SQL, ...onServer],
      ['report', 'all-runs'],
      ['report', 'all-runs', ...onServer],
    ]) {
      const { code, out, err } = await run(...args);
      expect([args, code, out, err]).toEqual([args, 1, '', expect.stringContaining(failed)]);
      expect(err).not.toMatch(/fault of ssm-archive|\n {4}at /);
    }
    meddle(undefined);
    expect(await run('sql', '--lake', 'SELECT count(*) FROM invocations', ...onServer)).toMatchObject({ code: 0 });
    expect(await server.stop()).toBe(0);
  },
);
