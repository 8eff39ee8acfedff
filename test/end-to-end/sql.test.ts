import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import type { Role } from '../../src/access/roles.ts';
import { createToken } from '../../src/access/tokens/create-token.ts';
import { until } from '../until.ts';
import { type OnEnd, type Running, type Setting, start, startSetting } from './run-cli.ts';

const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

interface Served extends Setting {
  url: string;
  token: string;
  readerToken: string;
  operatorToken: string;
}

/** An archive after its first pass, served by a separate process. The tests only read it. */
let served: Served;
const ends: (() => void | Promise<void>)[] = [];
beforeAll(async () => {
  served = await startServed((end) => void ends.unshift(end));
});
afterAll(async () => {
  for (const end of ends) await end();
});

async function startServed(onEnd: OnEnd): Promise<Served> {
  const setting = await startSetting({ invocations: 300 }, onEnd);
  Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' });
  const authDb = openAuthDb(join(setting.folder, 'archive-auth.db'));
  const deps = { authDb, now: () => new Date(), random: randomBytes };
  const made = (role: Role) => createToken(deps, { name: role, role, expiresAt: undefined }).token;
  const tokens = { token: made('sql'), readerToken: made('reader'), operatorToken: made('operator') };
  authDb.close();
  const { errors } = start(setting, ['serve'], undefined, onEnd);
  await until(() => errors().includes('"Collected."'));
  return { ...setting, ...tokens, url: /"url":"([^"]+)"/.exec(errors())?.[1] ?? '' };
}

/** An address that leads to the server, and whether anybody has sent a request there. */
async function watched(to: string): Promise<{ url: string; isAsked(): boolean }> {
  let isAsked = false;
  const through = createTcpServer((client) => {
    const server = connect(Number(new URL(to).port), '127.0.0.1');
    client.once('data', () => {
      isAsked = true;
    });
    client.pipe(server).pipe(client);
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const)
      end.on('error', () => other.destroy());
    client.on('close', () => server.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void through.close());
  await once(through, 'listening');
  const { port } = through.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, isAsked: () => isAsked };
}

/** Asks the server, with a token in the environment. */
function asked(token: string, ...args: string[]): Running['ended'] {
  const env = { ...served.env, SSM_ARCHIVE_TOKEN: token };
  return start({ ...served, env }, ['sql', '--url', served.url, ...args]).ended;
}

test('a server answers in every format as the archive file does, and refuses with its own sentences', async () => {
  const sql = 'SELECT id, instance_id, status, 9007199254740993 AS big, NULL AS none FROM invocations ORDER BY id';
  for (const format of ['table', 'json', 'csv', 'ndjson', 'markdown']) {
    const [ofServer, ofFile] = await Promise.all([
      asked(served.token, '--format', format, sql),
      start(served, ['sql', '--format', format, sql]).ended,
    ]);
    expect(ofServer).toMatchObject({ code: 0, out: ofFile.out });
    expect(ofServer.out.match(/9007199254740993/g)?.length).toBeGreaterThan(100);
    expect(ofServer.err.split(' in ')[0]).toBe(ofFile.err.split(' in ')[0]);
  }
  const refusals: [string, string[], number, string | RegExp][] = [
    [
      served.readerToken,
      ['SELECT 1'],
      2,
      /^The server refuses\. This needs the role "sql", but the token "reader" has the role "reader"/,
    ],
    ['ssm_wrong', ['SELECT 1'], 2, /^The server does not accept the token\./],
    ['', ['SELECT 1'], 2, /^The server wants a token: set SSM_ARCHIVE_TOKEN, or give --token\./],
    [served.token, ['SELECT x,\n  y FROM'], 2, 'incomplete input (line 2, column 9)\n    y FROM\n          ^\n'],
    [served.token, ['SELECT :a'], 2, /^The parameter :a has no value\. Give :name by --param/],
    [served.token, ['--limit', '200000', 'SELECT 1'], 2, '--limit must be at most 100000 here.\n'],
    [served.token, ['--timeout', '40', 'SELECT 1'], 2, '--timeout (in milliseconds) must be at most 30000 here.\n'],
  ];
  const given = await Promise.all(refusals.map(([token, args]) => asked(token, ...args)));
  for (const [n, [, , code, sentence]] of refusals.entries()) {
    expect(given[n]).toMatchObject({ code, out: '' });
    if (typeof sentence === 'string') expect(given[n]?.err).toBe(sentence);
    else expect(given[n]?.err).toMatch(sentence);
  }
  // This query runs alone, because it must begin within its deadline of one second.
  const late = await asked(served.token, '--timeout', '1', ENDLESS);
  expect(late).toMatchObject({ code: 1, out: '' });
  expect(late.err).toMatch(/^The server answered 504\. .+ was ended\. [\s\S]+\n {2}.*RECURSIVE STEP/);
}, 120_000);

test('Ctrl-C ends the query at the server, and not only the command', async () => {
  const { url, isAsked } = await watched(served.url);
  const sql = `${ENDLESS} WHERE n <> 2`;
  const { child, ended } = start(served, ['sql', '--url', url, '--token', served.token, sql]);
  await until(isAsked);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, out: '', err: '\nThe query was ended.\n' });
  const log = async () => {
    const reply = await fetch(`${served.url}/v1/access-log?path=/v1/sql`, {
      headers: { authorization: `Bearer ${served.operatorToken}` },
    });
    const row = z.object({ sql: z.string().nullable(), status: z.int(), elapsedMs: z.number() });
    return z.object({ items: z.array(row) }).parse(await reply.json()).items;
  };
  await until(async () => (await log()).some((row) => row.sql === sql && row.elapsedMs < 10_000));
});

test('a server that is not an ssm-archive is recognized', async () => {
  const setting = await startSetting();
  const replies: ((answer: ServerResponse) => void)[] = [
    (answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    (answer) => answer.writeHead(302, { location: 'https://login.example.com/?next=secret' }).end(),
    (answer) => answer.writeHead(308, { location: 'https://archive.example.com/a/v1/sql?format=json' }).end(),
    (answer) => answer.writeHead(502).end('\x1b[2J'),
    (answer) => answer.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    (answer) =>
      answer.writeHead(429, { 'content-type': 'application/problem+json' }).end('{"detail":"Too many \\u001b[2J."}'),
    (answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' }).write('{"columns":');
      setTimeout(() => answer.destroy(), 50);
    },
  ];
  const urls = await Promise.all(replies.map(answering));
  const sentences = (url = ''): [number, string][] => [
    [1, `${url}/ is not an ssm-archive server that answers SQL, or something stands in front of it: its reply`],
    [
      2,
      `${url} redirects to https://login.example.com (302). No redirect is followed: give the server's own address as --url. Something in front of it may want a login first.`,
    ],
    [
      2,
      `${url} redirects to https://archive.example.com/a/v1/sql (308). No redirect is followed: if that is the server, give --url https://archive.example.com/a/\n`,
    ],
    [1, 'something stands in front of it: it answers 502.'],
    [1, `${url}/ answers, but not with an answer to SQL. Does the server have the same version as this command?`],
    [1, 'The server answered 429. Too many \\x1b[2J.'],
    [1, 'The answer broke off: '],
  ];
  const ask = (url: string) => start(setting, ['sql', '--url', url, 'SELECT 1']).ended;
  const results = await Promise.all(urls.map(ask));
  for (const [n, result] of results.entries()) {
    const [code, sentence] = sentences(urls[n])[n] ?? [];
    expect(result).toMatchObject({ code, out: '', err: expect.stringContaining(sentence ?? 'none') });
  }
  expect(await ask('http://127.0.0.1:1')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Nothing listens at http:\/\/127\.0\.0\.1:1: is/),
  });
});

/** The address of a server that gives this answer to every request. The server ends with the test. */
async function answering(answerBy: (answer: ServerResponse) => void): Promise<string> {
  const server = createServer((_, answer) => answerBy(answer)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

test('every call in docs/sql.md gets an answer', async () => {
  writeFileSync(join(served.folder, 'failures.sql'), 'SELECT status, :from FROM invocations');
  const page = readFileSync('docs/sql.md', 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const calls = blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(echo .*\| )?ssm-archive sql /.test(line));
  expect(calls.length).toBeGreaterThan(5);
  const program = join(served.folder, 'ssm-archive');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(process.cwd(), 'dist/cli.js')}" "$@"\n`);
  chmodSync(program, 0o755);
  const env = {
    ...{ ...served.env, SSM_ARCHIVE_TOKEN: served.token, PATH: `${served.folder}:${served.env.PATH}` },
    // Nothing is sealed yet, so the lake's SQL reads a copy of what the file has.
    SSM_ARCHIVE_LAKE: join(served.folder, 'lake'),
  };
  await Promise.all(
    calls.map(async (call) => {
      const script = `cd "${served.folder}"; ${call.replace('https://archive.example.com', served.url)}`;
      const { code, err } = await start({ ...served, env }, ['-c', script], ['/bin/sh']).ended;
      expect([call, code, err]).toEqual([call, 0, expect.stringMatching(/rows? in /)]);
    }),
  );
  const [, told = '', sentence = ''] = /^\$ ssm-archive sql "(.+)"\n([\s\S]+?)^```/m.exec(page) ?? [];
  expect(await start(served, ['sql', told]).ended).toMatchObject({ code: 2, out: '', err: sentence });
}, 120_000);

test('a reader can run a report of a server like a report of a file, and can list the server’s reports', async () => {
  const env = { ...served.env, SSM_ARCHIVE_TOKEN: served.readerToken };
  const ask = (...args: string[]) => start({ ...served, env }, ['report', '--url', served.url, ...args]).ended;
  const own = (...args: string[]) => start(served, ['report', ...args]).ended;
  const span = ['--param', 'from=2020-01-01', '--param', 'to=2030-01-01'];
  const [ofServer, ofFile] = await Promise.all([ask('status-by-node', ...span), own('status-by-node', ...span)]);
  expect(ofServer).toMatchObject({ code: 0, out: ofFile.out });
  expect(ofServer.out.split('\n').length).toBeGreaterThan(5);
  const [list, ownList, described, ownDescribed, none, wrong] = await Promise.all([
    ...[ask(), own(), ask('what-ran', '--describe'), own('what-ran', '--describe')],
    ...[ask('nothing'), ask('what-ran', '--param', 'from=soon', '--param', 'x=1')],
  ]);
  expect(list?.out).toBe(ownList?.out);
  expect(described?.out).toBe(ownDescribed?.out);
  expect(none).toMatchObject({ code: 2, err: 'There is no report "nothing".\n' });
  expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/^from must be [\s\S]*\nx is not a parameter/) });
});
