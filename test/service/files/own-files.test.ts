import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import { knowTests } from '../../on-test-end.ts';
import { formerFolder, originOf, REPORTS } from './own-files-trial.ts';

knowTests();

const OWN = ['auth.db', 'access.db', 'ledger.key', 'reports.yaml'];
const FORMER_SETTINGS = (at: (name: string) => string) => ({
  SSM_ARCHIVE_AUTH_DB: at('auth.db'),
  SSM_ARCHIVE_ACCESS_DB: at('access.db'),
  SSM_ARCHIVE_LEDGER_KEY: at('ledger.key'),
  SSM_ARCHIVE_REPORTS_FILE: at('reports.yaml'),
});
const create = (name: string) => ['token', 'create', '--name', name, '--role', 'operator', '--expires', 'never'];

describe.concurrent('two archives in one folder', () => {
  it('have tokens, access logs, saved reports and keys of their own', async () => {
    const { cli, serve, names, keyOf, at } = await formerFolder();
    const token = (await cli('a.db', create('of-a'))).out;
    await cli('b.db', create('of-b'));
    const a = await serve('a.db');
    const b = await serve('b.db');
    const report = { description: 'How many.', sql: 'SELECT count(*) AS n FROM invocations', parameters: [] };
    const saved = await fetch(`${a.url}/v1/reports/only-a`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(report),
    });
    expect(saved.status).toBe(201);
    expect([await a.status('/v1/invocations', token), await b.status('/v1/invocations', token)]).toEqual([200, 401]);
    for (const server of [a, b]) expect(await server.stop()).toBe(0);
    for (const name of ['a.db', 'b.db']) expect((await cli(name, ['ingest'])).code).toBe(0);
    expect(names()).toEqual([
      ...['a-access.db', 'a-auth.db', 'a-ledger.key', 'a-reports.yaml', 'a.db'],
      ...['b-access.db', 'b-auth.db', 'b-ledger.key', 'b.db'],
    ]);
    expect(keyOf('a-ledger.key')).not.toBe(keyOf('b-ledger.key'));
    expect(readFileSync(at('b-access.db')).includes('of-a')).toBe(false);
  });
});

describe.concurrent('files that all archives of a folder shared in earlier versions', () => {
  it('are renamed if they are beside exactly one archive, with the data in their -wal: tokens, log, key and reports still work', async () => {
    const { cli, serve, makeArchive, makeAccess, makeReports, makeKey, keyOf, names, at, data } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    makeReports();
    const token = makeAccess();
    const server = await serve('archive.db');
    expect(await server.status('/v1/invocations')).toBe(401);
    expect(await server.reports(token)).toContain('mine');
    const log = await fetch(`${server.url}/v1/access-log`, { headers: { authorization: `Bearer ${token}` } });
    expect(await log.text()).toContain('old-row');
    for (const file of OWN)
      expect(server.errors()).toContain(`Renamed ${at(file)} to ${join(data, `archive-${file}`)}: each archive`);
    expect(await server.stop()).toBe(0);
    expect(names()).toEqual([...OWN.map((file) => `archive-${file}`), 'archive.db'].sort());
    expect(keyOf('archive-ledger.key')).toBe(key);
    expect(readFileSync(at('archive-reports.yaml'), 'utf8')).toBe(REPORTS);
    expect(statSync(at('archive-auth.db')).mode & 0o777).toBe(0o600);
    const again = await cli('archive.db', ['ingest']);
    expect(again).toMatchObject({ code: 0, err: expect.not.stringContaining('Renamed') });
    expect((await cli('archive.db', ['verify'])).out).toMatch(/^INTACT/);
  });

  it('are copied once, with a message, if they are beside several archives; later changes for one archive do not reach another', async () => {
    const { cli, serve, makeArchive, makeAccess, makeReports, makeKey, tokensIn, names, at } = await formerFolder();
    makeKey('ledger.key');
    for (const name of ['a.db', 'b.db']) makeArchive(name, 'ledger.key');
    makeReports();
    const token = makeAccess();
    const a = await serve('a.db');
    expect(await a.reports(token)).toContain('mine');
    for (const file of ['auth.db', 'access.db', 'reports.yaml'])
      expect(a.errors()).toContain(`Copied ${at(file)} to ${at(`a-${file}`)}, which this archive uses from now on`);
    expect((await cli('a.db', ['token', 'revoke', 'old'])).code).toBe(0);
    expect(await a.status('/v1/invocations', token)).toBe(401);
    expect(await a.stop()).toBe(0);

    const second = await serve('a.db');
    expect(second.errors()).not.toContain('Copied');
    expect(await second.status('/v1/invocations', token)).toBe(401);
    expect(await second.stop()).toBe(0);
    const b = await serve('b.db');
    expect(await b.status('/v1/invocations', token)).toBe(200);
    expect(await b.stop()).toBe(0);
    expect(tokensIn('auth.db')).toEqual(['old live']);
    expect(statSync(at('a-auth.db')).mode & 0o777).toBe(0o600);

    // A user who wants no more tokens deletes the file of tokens. The shared file must not come back in its place.
    for (const name of names()) if (name.startsWith('a-auth.db')) renameSync(at(name), at(`gone-${name}`));
    const third = await serve('a.db');
    expect(await third.status('/v1/invocations')).toBe(200);
    expect(await third.stop()).toBe(0);
    expect(tokensIn('a-auth.db')).toEqual([]);
  });

  it('keep their names if settings name them, and no other files are made', async () => {
    const { cli, serve, makeArchive, makeAccess, makeReports, makeKey, signerOf, names, at } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    makeReports();
    const token = makeAccess();
    const server = await serve('archive.db', FORMER_SETTINGS(at));
    expect(await server.reports(token)).toContain('mine');
    expect(await server.stop()).toBe(0);
    expect((await cli('archive.db', ['ingest'], FORMER_SETTINGS(at))).code).toBe(0);
    expect(names()).toEqual([...OWN, 'archive.db'].sort());
    expect(signerOf('archive.db')).toBe(originOf(key));
  });

  it('are found by commands that only read, which neither rename nor copy them', async () => {
    const { cli, makeArchive, makeAccess, makeReports, makeKey, names, at, setting } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    makeReports();
    makeAccess();
    const before = names();
    expect((await cli('archive.db', ['token', 'list', '--json'])).out).toContain('"name": "old"');
    expect((await cli('archive.db', ['verify', '--json'])).out).toContain('"isIntact": true');
    expect((await cli('archive.db', ['status'])).code).toBe(0);
    expect((await cli('archive.db', ['report'])).out).toContain('mine');
    expect((await cli('archive.db', ['doctor'])).out).toContain(`${at('ledger.key')} is ${originOf(key)}`);
    const backup = await cli('archive.db', ['backup', join(setting.folder, 'copy.db')]);
    for (const file of OWN) expect(backup.out).toContain(`${at(file)}: `);
    const span = ['--from', '2026-01-01', '--to', '2026-02-01'];
    const pack = await cli('archive.db', [
      ...['evidence', ...span, '--output', join(setting.folder, 'pack.zip'), '--allow-empty'],
    ]);
    expect(pack.out).toContain(key);
    const settled = (files: string[]) => files.filter((name) => !/-(wal|shm)$/.test(name));
    expect(settled(names())).toEqual(settled(before));
  });

  it('are used by their former names while a server of the previous version has them open, and renamed at a later start', async () => {
    const { cli, serve, makeArchive, makeAccess, makeKey, signerOf, names, tokensIn, at } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    const token = makeAccess();
    // This server opens the same files as a server of the previous version.
    const old = await serve('archive.db', FORMER_SETTINGS(at));
    // The server collects when it starts: the command waits for that pass, or it would be refused.
    const pass = await cli('archive.db', ['ingest', '--wait']);
    expect(pass).toMatchObject({
      code: 0,
      err: expect.stringContaining(
        `${at('ledger.key')} keeps its name for now, because another process has the archive open`,
      ),
    });
    const made = await cli('archive.db', create('new'));
    expect(await old.status('/v1/invocations', made.out)).toBe(200);
    const second = await serve('archive.db');
    expect(await second.status('/v1/invocations', token)).toBe(200);
    expect(await second.stop()).toBe(0);
    expect(names().filter((name) => name.startsWith('archive-'))).toEqual([]);
    expect(signerOf('archive.db')).toBe(originOf(key));
    expect(await old.stop()).toBe(0);

    const third = await serve('archive.db');
    expect(await third.status('/v1/invocations', made.out)).toBe(200);
    expect(await third.stop()).toBe(0);
    expect(tokensIn('archive-auth.db')).toEqual(['old live', 'new live']);
    expect(names()).toEqual(['archive-access.db', 'archive-auth.db', 'archive-ledger.key', 'archive.db']);
  });

  it('are renamed only once if many commands start at the same time, and no token is lost', async () => {
    const { cli, makeArchive, makeAccess, makeKey, tokensIn, names, keyOf } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    makeAccess();
    const many = ['t1', 't2', 't3', 't4'];
    const ended = await Promise.all([
      ...many.map((name) => cli('archive.db', create(name))),
      cli('archive.db', ['ingest']),
    ]);
    expect(ended.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0, 0, 0, 0]);
    const said = ended.map(({ err }) => err).join('');
    expect(said.match(/^Renamed .*auth\.db to/gm)).toHaveLength(1);
    expect(tokensIn('archive-auth.db').sort()).toEqual(['old live', ...many.map((name) => `${name} live`)]);
    expect(names().filter((name) => name.startsWith('auth.db'))).toEqual([]);
    expect(keyOf('archive-ledger.key') ?? keyOf('ledger.key')).toBe(key);
  });

  it('are renamed as links if they are links', async () => {
    const { serve, makeArchive, makeAccess, makeKey, at, setting } = await formerFolder();
    const key = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    const token = makeAccess();
    const secrets = join(setting.folder, 'secrets');
    mkdirSync(secrets);
    for (const name of ['auth.db', 'auth.db-wal', 'ledger.key']) renameSync(at(name), join(secrets, name));
    for (const name of ['auth.db', 'ledger.key']) symlinkSync(join(secrets, name), at(name));
    const server = await serve('archive.db');
    expect(await server.status('/v1/invocations', token)).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(['archive-auth.db', 'archive-ledger.key'].map((name) => lstatSync(at(name)).isSymbolicLink())).toEqual([
      true,
      true,
    ]);
    expect(readFileSync(at('archive-ledger.key'), 'utf8')).toContain(originOf(key));
    expect(existsSync(at('auth.db'))).toBe(false);
  });

  it('are neither renamed, nor copied, nor read if they belong to another program', async () => {
    const { cli, makeArchive, names, at } = await formerFolder();
    makeArchive('archive.db');
    const other = new SQLite(at('auth.db'));
    other.exec('CREATE TABLE accounts (name TEXT)');
    other.close();
    const made = await cli('archive.db', create('mine'));
    expect(made).toMatchObject({ code: 0, err: expect.not.stringContaining('Renamed') });
    expect(names()).toEqual(['archive-auth.db', 'archive.db', 'auth.db']);
    expect((await cli('archive.db', ['token', 'list'])).out).toContain('mine');
  });

  it('still prevent a start if they are damaged, because an archive without its tokens would be open to everybody', async () => {
    const { begin, makeArchive, at } = await formerFolder();
    makeArchive('archive.db');
    const path = at('auth.db');
    openAuthDb(path).close();
    const bytes = readFileSync(path);
    bytes.fill(7, 0, 100);
    writeFileSync(path, bytes);
    const { code, err } = await begin('archive.db', ['serve']).ended;
    expect(code).toBe(2);
    expect(err).toContain(`The file of tokens ${path} is not a SQLite database, or is damaged`);
  });
});

// Sixteen commands, one after the other, beside those of other tests.
describe.concurrent('a ledger.key that several archives shared', { timeout: 120_000 }, () => {
  it('stays, is never copied, and still signs the archive that it signed last; a new archive gets its own key', async () => {
    const { cli, makeArchive, makeKey, keyOf, signerOf, names, at } = await formerFolder();
    const key = makeKey('ledger.key');
    const other = makeKey('moved.key');
    for (const name of ['a.db', 'b.db']) makeArchive(name, 'ledger.key');
    makeArchive('c.db', 'moved.key');
    // The key of c.db is missing: no other key is made silently.
    expect(await cli('c.db', ['ingest'])).toMatchObject({ code: 1, out: expect.stringContaining('NOT SIGNED') });
    expect(await cli('c.db', ['key', 'renew'])).toMatchObject({ code: 0 });
    for (const name of ['a.db', 'c.db', 'new.db']) {
      const pass = await cli(name, ['ingest']);
      expect({ code: pass.code, said: pass.err.includes('ledger.key') }).toEqual({ code: 0, said: false });
    }
    expect(['a.db', 'b.db'].map(signerOf)).toEqual([originOf(key), originOf(key)]);
    // Two archives with one key are a fork. The archive that signs first keeps the key; the other gets its own key from
    // `key renew`.
    const second = await cli('b.db', ['ingest']);
    expect([second.code, second.out]).toEqual([1, expect.stringContaining('NOT SIGNED')]);
    const renewed = await cli('b.db', ['key', 'renew']);
    expect([renewed.code, renewed.out]).toEqual([
      0,
      expect.stringMatching(/has signed \d+ other leaves too, and whether/),
    ]);
    expect((await cli('b.db', ['ingest'])).code).toBe(0);
    expect(signerOf('b.db')).toBe(originOf(keyOf('b-ledger.key')));
    expect(signerOf('new.db')).toBe(originOf(keyOf('new-ledger.key')));
    expect(signerOf('c.db')).toBe(originOf(keyOf('c-ledger.key')));
    const keys = names().filter((name) => name.endsWith('.key'));
    expect(keys).toEqual(['b-ledger.key', 'c-ledger.key', 'ledger.key', 'moved.key', 'new-ledger.key']);
    expect(new Set(keys.map(keyOf)).size).toBe(5);
    expect(keyOf('moved.key')).toBe(other);
    for (const name of ['a.db', 'b.db', 'new.db']) expect((await cli(name, ['verify'])).out).toMatch(/^INTACT/);
    expect(readdirSync(at('.')).some((name) => name.endsWith('.tmp'))).toBe(false);
  });

  it('is used if an earlier version made it and signed the archive with it, after this version had renamed an older ledger.key', async () => {
    const { cli, makeArchive, makeKey, signerOf } = await formerFolder();
    makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    expect((await cli('archive.db', ['ingest'])).err).toContain('Renamed');
    // The earlier version looks for its key under the former name, and makes a new one.
    const made = makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    expect((await cli('archive.db', ['ingest'])).code).toBe(0);
    expect(signerOf('archive.db')).toBe(originOf(made));
    expect((await cli('archive.db', ['verify'])).out).toMatch(/^INTACT/);
  });
});

describe.concurrent('the demo', () => {
  it('names its files after its archive, and uses no file of the archive beside it', async () => {
    const { cli, makeArchive, makeAccess, makeKey, names, at } = await formerFolder();
    makeKey('ledger.key');
    makeArchive('archive.db', 'ledger.key');
    makeAccess();
    const demo = await cli('archive.db', ['demo', '--exit', '--invocations', '30', '--db', at('demo.db')]);
    expect(demo.code).toBe(0);
    expect(names().filter((name) => name.startsWith('demo'))).toEqual(['demo-ledger.key', 'demo.db']);
    // The other archive still finds its own files.
    expect((await cli('archive.db', ['ingest'])).err).toContain(`Renamed ${at('ledger.key')} to`);
  });
});
