import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proveSameFile } from '../../../src/processes/pool/prove-same-file.ts';
import { builtProgram } from '../../built-program.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { childrenOf } from '../../service/processes.ts';

const BESIDE = ['-wal', '-shm'];

function trial() {
  const { sqlite } = tempArchive();
  const path = sqlite.name;
  const prove = (at = path) =>
    proveSameFile({ sqlite, path: at, program: builtProgram('reader'), random: randomBytes });
  return { sqlite, path, prove };
}

/** Copies a file in another process, because closing it in this process would drop SQLite's locks on it. */
const copy = (from: string, to: string) => execFileSync('cp', [from, to]);

/** Makes a folder with some of the open archive's own files, as hard links, and copies of the others. */
function place(path: string, own: readonly string[]): string {
  const target = join(tempFolder(), 'archive.db');
  for (const part of ['', ...BESIDE]) {
    if (own.includes(part)) execFileSync('ln', [path + part, target + part]);
    else copy(path + part, target + part);
  }
  return target;
}

describe('a commit of the open connection, which proves that a path leads to the same archive,', () => {
  it('is read through a path to the same three files, and the reading process has ended afterwards', async () => {
    const { path, prove } = trial();
    expect(await prove()).toBe('same');
    expect(await prove(place(path, ['', ...BESIDE]))).toBe('same');
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it.each([
    ['the file itself', BESIDE],
    ['its -wal', ['', '-shm']],
    ['its -shm', ['', '-wal']],
    ['all of them', []],
  ])('is not read if a copy has replaced %s', async (_what, own) => {
    const { path, prove } = trial();
    expect(await prove(place(path, own))).toBe('other');
  });

  it('is not read in another archive, or in a file that is not a database', async () => {
    const { path, prove } = trial();
    const other = tempArchive();
    other.sqlite.exec("INSERT INTO runs (started_at, outcome, collector) VALUES ('t', 'running', 'c')");
    expect(await prove(other.sqlite.name)).toBe('other');
    const text = place(path, BESIDE);
    writeFileSync(text, 'not a database'.repeat(5000));
    expect(await prove(text)).toBe('other');
  });

  it('is no proof while another connection reads an older state, but is one afterwards', async () => {
    const { path, sqlite, prove } = trial();
    sqlite.exec("INSERT INTO runs (started_at, outcome, collector) VALUES ('t', 'running', 'c')");
    const reader = new SQLite(path, { readonly: true });
    onTestFinished(() => void reader.close());
    reader.exec('BEGIN; SELECT count(*) FROM runs');
    expect(await prove()).toBe('unknown');
    reader.exec('COMMIT');
    expect(await prove()).toBe('same');
  });

  it('waits until another writer has ended', async () => {
    const { path, prove } = trial();
    const writer = new SQLite(path);
    onTestFinished(() => void writer.close());
    writer.exec('BEGIN IMMEDIATE');
    const proof = prove();
    setTimeout(() => writer.exec('COMMIT'), 1500);
    expect(await proof).toBe('same');
  });

  it('proves nothing if no process can be started', async () => {
    const { sqlite, path } = trial();
    const program = { path: 'no-such-program.js', execArgv: [] };
    expect(await proveSameFile({ sqlite, path, program, random: randomBytes })).toBe('unknown');
    renameSync(path, `${path}.old`);
    expect(existsSync(path)).toBe(false);
  });

  it('changes neither the content of the archive nor the connection’s settings', async () => {
    const { sqlite, prove } = trial();
    const tables = () => sqlite.prepare('SELECT name, sql FROM sqlite_schema').all();
    const before = [tables(), sqlite.prepare('SELECT count(*) FROM ledger_entries').pluck().get()];
    await prove();
    expect([tables(), sqlite.prepare('SELECT count(*) FROM ledger_entries').pluck().get()]).toEqual(before);
    expect(sqlite.pragma('busy_timeout', { simple: true })).toBe(30_000);
    expect(sqlite.pragma('wal_autocheckpoint', { simple: true })).toBe(5000);
  });
});
