import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { until } from '../until.ts';
import { type Running, type Setting, start, startSetting } from './run-cli.ts';

const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

interface Served extends Setting {
  url: string;
  token: string;
  readerToken: string;
}

/** A setting whose archive has its first pass, served by a process of its own, with a token of each role. */
async function startServed(): Promise<Served> {
  const setting = await startSetting({ invocations: 300 });
  Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' });
  const made = async (role: string) =>
    (await start(setting, ['token', 'create', '--name', role, '--role', role]).ended).out.trim();
  const [token, readerToken] = [await made('sql'), await made('reader')];
  const { errors } = start(setting, ['serve']);
  await until(() => errors().includes('"Collected."'));
  return { ...setting, url: /"url":"([^"]+)"/.exec(errors())?.[1] ?? '', token, readerToken };
}

/** An address that leads to the server, and whether anybody has sent something there. */
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
function asked({ url, ...setting }: Served, token: string, ...args: string[]): Running['ended'] {
  return start({ ...setting, env: { ...setting.env, SSM_ARCHIVE_TOKEN: token } }, ['sql', '--url', url, ...args]).ended;
}

test('a server answers as the file does, in every format, and refuses with its own sentences', async () => {
  const served = await startServed();
  const sql = 'SELECT id, instance_id, status, 9007199254740993 AS big, NULL AS none FROM invocations ORDER BY id';
  for (const format of ['table', 'json', 'csv', 'ndjson', 'markdown']) {
    const [ofServer, ofFile] = await Promise.all([
      asked(served, served.token, '--format', format, sql),
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
      /^The server refuses\. This needs the role "sql", and the token "reader" has "reader"/,
    ],
    ['ssm_wrong', ['SELECT 1'], 2, /^The server does not accept the token\./],
    ['', ['SELECT 1'], 2, /^The server wants a token: set SSM_ARCHIVE_TOKEN, or give --token\./],
    [served.token, ['SELECT x,\n  y FROM'], 2, 'incomplete input (line 2, column 9)\n    y FROM\n          ^\n'],
    [served.token, ['SELECT :a'], 2, /^The parameter :a has no value\. Give :name by --param/],
    [served.token, ['--limit', '200000', 'SELECT 1'], 2, '--limit must be at most 100000 here.\n'],
    [served.token, ['--timeout', '40', 'SELECT 1'], 2, '--timeout (in milliseconds) must be at most 30000 here.\n'],
    [
      served.token,
      ['--timeout', '1', ENDLESS],
      1,
      /^The server answered 504\. .+ was ended\. [\s\S]+\n {2}.*RECURSIVE STEP/,
    ],
  ];
  for (const [token, args, code, sentence] of refusals) {
    const { err, ...rest } = await asked(served, token, ...args);
    expect(rest).toMatchObject({ code, out: '' });
    if (typeof sentence === 'string') expect(err).toBe(sentence);
    else expect(err).toMatch(sentence);
  }
}, 120_000);

test('Ctrl-C gives the question up at the server too', async () => {
  const served = await startServed();
  const { url, isAsked } = await watched(served.url);
  const { child, ended } = start(served, ['sql', '--url', url, '--token', served.token, ENDLESS]);
  await until(isAsked);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, out: '', err: '\nThe query was ended.\n' });
  const log = async () => {
    const reply = await fetch(`${served.url}/v1/access-log?path=/v1/sql`, {
      headers: { authorization: `Bearer ${await operatorToken(served)}` },
    });
    const row = z.object({ sql: z.string().nullable(), status: z.int(), elapsedMs: z.number() });
    return z.object({ items: z.array(row) }).parse(await reply.json()).items;
  };
  await until(async () => (await log()).some(({ sql, elapsedMs }) => sql === ENDLESS && elapsedMs < 10_000));
});

async function operatorToken(served: Served): Promise<string> {
  const { out } = await start(served, ['token', 'create', '--name', 'operator', '--role', 'operator']).ended;
  return out.trim();
}

test('what is no server of this kind is told from one', async () => {
  const setting = await startSetting();
  const replies: ((answer: ServerResponse) => void)[] = [
    (answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    (answer) => answer.writeHead(302, { location: 'https://login.example.com' }).end(),
    (answer) => answer.writeHead(502).end('\x1b[2J'),
    (answer) => answer.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    (answer) =>
      answer.writeHead(429, { 'content-type': 'application/problem+json' }).end('{"detail":"Too many \\u001b[2J."}'),
    (answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' }).write('{"columns":');
      setTimeout(() => answer.destroy(), 50);
    },
  ];
  const server = createServer((_, answer) => replies.shift()?.(answer)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  const address = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address());
  const url = `http://127.0.0.1:${address.port}`;
  const sentences: [number, string][] = [
    [1, `${url}/ is no ssm-archive server that answers SQL, or something stands in front of it: what comes from there`],
    [2, `${url} sends elsewhere (https://login.example.com): give that as --url.`],
    [1, 'something stands in front of it: it answers 502.'],
    [1, `What ${url}/ answers is no answer to SQL. Is its version that of this command?`],
    [1, 'The server answered 429. Too many \\x1b[2J.'],
    [1, 'The answer broke off: '],
  ];
  for (const [code, sentence] of sentences) {
    const result = await start(setting, ['sql', '--url', url, 'SELECT 1']).ended;
    expect(result).toMatchObject({ code, out: '', err: expect.stringContaining(sentence) });
  }
  server.close();
  const gone = await start(setting, ['sql', '--url', 'http://127.0.0.1:1', 'SELECT 1']).ended;
  expect(gone).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Nothing listens at http:\/\/127\.0\.0\.1:1: is/),
  });
});

test('every call of docs/sql.md is answered', async () => {
  const served = await startServed();
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
  const env = { ...served.env, SSM_ARCHIVE_TOKEN: served.token, PATH: `${served.folder}:${served.env.PATH}` };
  for (const call of calls) {
    const script = `cd "${served.folder}"; ${call.replace('https://archive.example.com', served.url)}`;
    const { code, err } = await start({ ...served, env }, ['-c', script], ['/bin/sh']).ended;
    expect([call, code, err]).toEqual([call, 0, expect.stringMatching(/rows? in /)]);
  }
  const [, told = '', sentence = ''] = /^\$ ssm-archive sql "(.+)"\n([\s\S]+?)^```/m.exec(page) ?? [];
  expect(await start(served, ['sql', told]).ended).toMatchObject({ code: 2, out: '', err: sentence });
}, 120_000);

test('a reader runs a report of a server as of the file, and is told what the server has', async () => {
  const served = await startServed();
  const env = { ...served.env, SSM_ARCHIVE_TOKEN: served.readerToken };
  const ask = (...args: string[]) => start({ ...served, env }, ['report', '--url', served.url, ...args]).ended;
  const own = (...args: string[]) => start(served, ['report', ...args]).ended;
  const span = ['--param', 'from=2020-01-01', '--param', 'to=2030-01-01'];
  const [ofServer, ofFile] = await Promise.all([ask('status-by-node', ...span), own('status-by-node', ...span)]);
  expect(ofServer).toMatchObject({ code: 0, out: ofFile.out });
  expect(ofServer.out.split('\n').length).toBeGreaterThan(5);
  expect((await ask()).out).toBe((await own()).out);
  expect((await ask('what-ran', '--describe')).out).toBe((await own('what-ran', '--describe')).out);
  expect(await ask('nothing')).toMatchObject({ code: 2, err: 'There is no report "nothing".\n' });
  const wrong = await ask('what-ran', '--param', 'from=soon', '--param', 'x=1');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/^from must be [\s\S]*\nx is not a parameter/) });
});
