import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openAccessDb } from '../../../../src/access/log/open-access-db.ts';
import { openAuthDb } from '../../../../src/access/open-auth-db.ts';
import { createToken } from '../../../../src/access/tokens/create-token.ts';
import { makeCheckpoint } from '../../../../src/archive/checkpoints/make-checkpoint.ts';
import { findFiles, settleFiles } from '../../../../src/archive/file/own-files/settle-files.ts';
import { openArchive } from '../../../../src/db/open.ts';
import { formerFileOf, ownFileOf } from '../../../../src/lib/files/own-files.ts';
import { testProgram } from '../../../built-program.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { placesIn } from './places-in.ts';

const AT_ONCE = 4;
const now = () => new Date();
const REPORTS = 'reports: []\n';

/** A folder as a killed server of the previous version left it: the newest data is in the -wal files. */
function makeFormer(archives: readonly string[]): string {
  const folder = tempFolder();
  const source = tempFolder();
  const authDb = openAuthDb(join(source, 'auth.db'));
  createToken({ authDb, now, random: randomBytes }, { name: 'old', role: 'reader', expiresAt: undefined });
  const accessDb = openAccessDb(join(source, 'access.db'));
  for (const name of readdirSync(source))
    if (!name.endsWith('-shm')) copyFileSync(join(source, name), join(folder, name));
  authDb.close();
  accessDb.close();
  for (const name of archives) {
    const db = openArchive(join(folder, name));
    makeCheckpoint(db.sqlite, { keyPath: join(folder, 'ledger.key'), random: randomBytes, now });
    db.close();
    // That version kept no record of what a key signed, so two archives could sign with one key.
    for (const name of ['ledger.signed', 'ledger.signed.lock']) rmSync(join(folder, name));
  }
  writeFileSync(join(folder, 'reports.yaml'), REPORTS);
  return folder;
}

async function settled(archive: string): Promise<{ paths: Record<string, string>; said: string[] }> {
  const said: string[] = [];
  const { paths, release } = await settleFiles(archive, placesIn(archive), (sentence) => said.push(sentence));
  release();
  return { paths: Object.fromEntries(paths), said };
}

/**
 * Returns what a server that starts now finds: the tokens, the key and the reports. Fails if the access log cannot be
 * opened.
 */
function contentOf(paths: Record<string, string>) {
  const sqlite = new SQLite(paths.authDb ?? '', { fileMustExist: true });
  const tokens = sqlite.prepare('SELECT name FROM tokens').pluck().all();
  sqlite.close();
  openAccessDb(paths.accessDb ?? '').close();
  return {
    tokens,
    key: readFileSync(paths.ledgerKey ?? '', 'utf8'),
    reports: readFileSync(paths.reportsFile ?? '', 'utf8'),
  };
}

describe('a process that is killed before any of its steps', () => {
  it.each([
    ['renames', ['a.db'], []],
    ['copies', ['a.db', 'b.db'], ['access.db', 'auth.db', 'ledger.key', 'reports.yaml']],
  ])('leaves all files whole for the next process, even while it %s them', async (_what, archives, kept) => {
    const former = makeFormer(archives);
    const key = readFileSync(join(former, 'ledger.key'), 'utf8');
    const states = new Set<string>();
    /** Returns true if the process ended by itself, because it has fewer than n steps. */
    const killAt = async (n: number): Promise<boolean> => {
      const folder = tempFolder();
      cpSync(former, folder, { recursive: true });
      const archive = join(folder, 'a.db');
      const { path, execArgv } = testProgram('settle-in-child');
      const { signal, out, err } = await run([...execArgv, path, archive, String(n)]);
      if (out !== 'settled') expect({ n, signal, err }).toMatchObject({ n, signal: 'SIGKILL' });
      states.add(readdirSync(folder).join());
      // A command that only reads finds the same content.
      const found = findFiles(archive, placesIn(archive));
      found.release();
      expect(contentOf(Object.fromEntries(found.paths))).toEqual({ tokens: ['old'], key, reports: REPORTS });
      const { paths } = await settled(archive);
      expect(contentOf(paths)).toEqual({ tokens: ['old'], key, reports: REPORTS });
      const left = readdirSync(folder).filter((name) => /^(auth|access|ledger|reports)\./.test(name));
      expect(left.filter((name) => !/-(wal|shm)$/.test(name))).toEqual(kept);
      return out === 'settled';
    };
    let n = 0;
    let isSettled = false;
    while (!isSettled) {
      const results = await Promise.all(Array.from({ length: AT_ONCE }, () => killAt(++n)));
      isSettled = results.includes(true);
    }
    expect(n).toBeGreaterThan(12);
    expect(states.size).toBeGreaterThan(5);
  });
});

/** Runs a program to its end. */
function run(args: readonly string[]): Promise<{ signal: NodeJS.Signals | null; out: string; err: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ signal, out, err }));
  });
}

describe('an archive’s own files', () => {
  it.each([
    ['data/archive.db', 'data/archive-auth.db', 'data/auth.db'],
    ['/srv/archive', '/srv/archive.auth.db', '/srv/auth.db'],
    ['archive.sqlite', 'archive.sqlite.auth.db', 'auth.db'],
    ['.db', '.db.auth.db', 'auth.db'],
    ['a-auth.db', 'a-auth-auth.db', 'auth.db'],
  ])('are named after the archive: %s has %s', (archive, own, former) => {
    expect([ownFileOf(archive, 'auth.db'), formerFileOf(archive, 'authDb')]).toEqual([own, former]);
  });

  it('never have the same name as files of another archive in the folder, whatever the names of both archives', () => {
    const names = [
      'a',
      'a.db',
      'a.db.db',
      'a.sqlite',
      'a-',
      'a-.db',
      'a.auth',
      'a.auth.db',
      'a-auth',
      'a-auth.db',
      '.db',
      'db',
    ];
    expect(new Set(names.map((name) => ownFileOf(name, 'auth.db'))).size).toBe(names.length);
  });
});

describe('settling an archive’s files', () => {
  it('continues with the former names and logs the reason if a file can’t be renamed', async () => {
    const folder = makeFormer(['a.db']);
    rmSync(join(folder, 'a.db'));
    // The file's new name would be longer than a file name may be.
    const archive = join(folder, `${'a'.repeat(246)}.db`);
    const { paths, said } = await settled(archive);
    expect(paths).toMatchObject({ ledgerKey: join(folder, 'ledger.key'), reportsFile: join(folder, 'reports.yaml') });
    expect(said).toContainEqual(
      expect.stringMatching(
        /ledger\.key keeps its name for now, because of an error: the name .* is longer than a file name may be\. The next start tries/,
      ),
    );
  });

  it('changes nothing in a folder if the file in the archive’s place is another program’s database', async () => {
    const folder = makeFormer([]);
    const other = new SQLite(join(folder, 'a.db'));
    other.exec('CREATE TABLE t (x)');
    other.close();
    await settled(join(folder, 'a.db'));
    const names = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
    expect(names).toEqual(['a.db', 'access.db', 'auth.db', 'reports.yaml']);
  });

  it('treats a copy of an archive as another archive, but not an unfinished backup', async () => {
    for (const [name, step] of [
      ['copy.db', 'Copied'],
      ['copy.db.0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f.tmp', 'Renamed'],
    ] as const) {
      const folder = makeFormer(['a.db']);
      copyFileSync(join(folder, 'a.db'), join(folder, name));
      const { said } = await settled(join(folder, 'a.db'));
      expect(said[0]).toMatch(new RegExp(`^${step} .*auth\\.db to .*a-auth\\.db`));
    }
  });

  it('recognizes an archive whose pages are all in its -wal file except for the first', async () => {
    const folder = makeFormer([]);
    const path = join(folder, 'b.db');
    const db = openArchive(path);
    const { said } = await settled(join(folder, 'a.db'));
    db.close();
    expect(said[0]).toMatch(/^Copied /);
  });

  it('makes copies that only their owner may read, and records the source of each copy', async () => {
    const folder = makeFormer(['a.db', 'b.db']);
    await settled(join(folder, 'a.db'));
    expect(statSync(join(folder, 'a-auth.db')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, 'a-taken-over.json'), 'utf8'))).toEqual({
      takenOver: ['authDb', 'accessDb', 'reportsFile'],
    });
    const copy = new SQLite(join(folder, 'a-auth.db'));
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();
    expect((await settled(join(folder, 'a.db'))).said).toEqual([]);
  });

  it('changes nothing in a folder that has none of the former files', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'data'));
    const { paths, said } = await settled(join(folder, 'data', 'archive.db'));
    expect(said).toEqual([]);
    expect(paths.authDb).toBe(join(folder, 'data', 'archive-auth.db'));
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
  });
});
