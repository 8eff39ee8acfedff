import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ArchiveDb, openArchive, openArchiveReadOnly, openExistingArchive } from '../../src/db/open.ts';
import { openSteady } from '../../src/db/open-steady.ts';
import { ArchiveMoved } from '../../src/lib/errors/archive-moved.ts';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { identifyFile } from '../../src/lib/files/identify-file.ts';
import { packageRoot } from '../../src/lib/process/package-root.ts';
import { testProgram } from '../built-program.ts';
import { rowsOf, tempArchive, tempFolder, writesOf } from './temp-archive.ts';

const MIGRATIONS = readdirSync(join(packageRoot(), 'migrations')).filter((name) => name.endsWith('.sql')).length;
const OPEN_IN_CHILD = testProgram('open-in-child').path;

function opened(db: ArchiveDb): ArchiveDb {
  onTestFinished(() => db.close());
  return db;
}

function schemaOf({ sqlite }: ArchiveDb): unknown[] {
  return sqlite.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
}

/** Returns the message of a failed opening. Fails the test if the file opens. */
function refusalOf(open: () => ArchiveDb): UserFault {
  try {
    open().close();
  } catch (error) {
    if (error instanceof UserFault) return error;
    throw error;
  }
  throw new Error('It was opened.');
}

/** Makes another program's database, with a row in it. */
function foreignDatabase(path: string): void {
  const other = new SQLite(path);
  other.exec("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.com')");
  other.close();
}

describe('opening an archive', () => {
  it('makes the file and the folders above it', () => {
    const path = join(tempFolder(), 'new', 'deeper', 'archive.db');
    const db = opened(openArchive(path));
    expect(existsSync(path)).toBe(true);
    expect(rowsOf(db, 'invocations')).toEqual([]);
  });

  it('sets WAL, synchronous FULL and foreign keys, so that commits are durable and others can read', () => {
    const { sqlite } = tempArchive();
    expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(sqlite.pragma('synchronous', { simple: true })).toBe(2);
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(sqlite.pragma('page_size', { simple: true })).toBe(8192);
  });

  it('marks the file as an archive of this program', () => {
    const { sqlite } = tempArchive();
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(sqlite.name).subarray(68, 72).toString('latin1')).toBe('ssmA');
  });

  it('changes nothing the second time, because every migration is applied only once', () => {
    const first = tempArchive();
    const schema = schemaOf(first);
    const second = opened(openArchive(first.sqlite.name));
    expect(schemaOf(second)).toEqual(schema);
    expect(writesOf(second)).toBe(0);
    // It does not even commit an empty transaction, for which a full disk has no room.
    const size = () => statSync(`${first.sqlite.name}-wal`).size;
    const before = size();
    for (const open of [openArchive, openArchiveReadOnly]) opened(open(first.sqlite.name));
    expect(size()).toBe(before);
    expect(rowsOf(second, '__drizzle_migrations')).toHaveLength(
      JSON.parse(readFileSync(join(packageRoot(), 'migrations', 'meta', '_journal.json'), 'utf8')).entries.length,
    );
  });

  it('succeeds for several processes at once on one new file, which is migrated once', async () => {
    const path = join(tempFolder(), 'archive.db');
    const children = [1, 2, 3].map(() => spawn(process.execPath, [OPEN_IN_CHILD, path]));
    const outputs = await Promise.all(
      children.map(async (child) => {
        const stderr = text(child.stderr);
        const [ready] = await once(child.stdout, 'data');
        return { child, ready: String(ready), stdout: text(child.stdout), stderr };
      }),
    );
    // All processes are ready. The end of their input starts them at the same time.
    for (const { child } of outputs) child.stdin.end();
    for (const { ready, stdout, stderr } of outputs) {
      expect([ready, await stdout, await stderr]).toEqual(['ready\n', String(MIGRATIONS), '']);
    }
  });

  it('succeeds on two connections in one process, and the second connection sees what the first made', () => {
    const first = tempArchive();
    const second = opened(openArchive(first.sqlite.name));
    first.sqlite.exec("INSERT INTO runs (started_at, outcome, collector) VALUES ('t', 'running', 'c')");
    expect(rowsOf(second, 'runs')).toHaveLength(1);
  });

  it('refuses an archive of a newer version with a sentence, and leaves it unchanged', () => {
    const db = tempArchive();
    db.sqlite.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9e15)");
    const path = db.sqlite.name;
    const fault = refusalOf(() => openArchive(path));
    expect(fault.message).toBe(
      `The archive ${path} was made by a newer version of ssm-archive. Use that version or a later one; this one would not know its tables.`,
    );
    expect(fault.exitCode).toBe(2);
    expect(rowsOf(db, '__drizzle_migrations')).toHaveLength(MIGRATIONS + 1);
    expect(refusalOf(() => openArchiveReadOnly(path)).message).toBe(fault.message);
  });

  it("refuses another program's database, and leaves every byte of it unchanged", () => {
    const path = join(tempFolder(), 'places.sqlite');
    foreignDatabase(path);
    const before = readFileSync(path);
    const fault = refusalOf(() => openArchive(path));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(fault.message).toBe(
      `${path} is a SQLite database, but not an ssm-archive. Point --db or SSM_ARCHIVE_DB at an archive, or at a file that does not exist yet.`,
    );
    expect(fault.exitCode).toBe(2);
    const other = new SQLite(path, { readonly: true });
    onTestFinished(() => void other.close());
    expect(other.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['bookmarks']);
    expect(other.pragma('application_id', { simple: true })).toBe(0);
  });

  it("refuses another program's database that happens to be migrated by drizzle too", () => {
    const path = join(tempFolder(), 'other.db');
    const other = new SQLite(path);
    other.exec('CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT, created_at INTEGER)');
    other.close();
    expect(refusalOf(() => openArchive(path)).message).toMatch(/not an ssm-archive/);
  });

  it('refuses a file that is not a database, and leaves it unchanged', () => {
    const path = join(tempFolder(), 'notes.txt');
    const text = 'My notes, which nobody must overwrite.\n'.repeat(400);
    writeFileSync(path, text);
    const fault = refusalOf(() => openArchive(path));
    expect(fault.message).toBe(
      `${path} is not a SQLite database. Point --db or SSM_ARCHIVE_DB at an archive or at a new file.`,
    );
    expect(fault.exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('refuses at once a path where no folder can be made', () => {
    expect(refusalOf(() => openArchive('/proc/nowhere/deeper/archive.db')).message).toMatch(
      /can't be opened for writing/,
    );
  });

  it('refuses a path that is a folder, or that is below a file', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'file'), '');
    for (const path of [join(folder, 'taken'), join(folder, 'file', 'archive.db')]) {
      const fault = refusalOf(() => openArchive(path));
      expect(fault.message).toMatch(/can't be opened for writing/);
      expect(fault.exitCode).toBe(2);
    }
  });
});

describe('opening an archive to read', () => {
  it('fails if there is no archive, says what to do, and makes no archive', () => {
    const path = join(tempFolder(), 'archive.db');
    const fault = refusalOf(() => openArchiveReadOnly(path));
    expect(fault.message).toBe(
      `There is no archive at ${path}. Make one with "ssm-archive ingest"; if there was one, restore a backup with "ssm-archive restore"; or point --db or SSM_ARCHIVE_DB at an existing archive.`,
    );
    expect(fault.exitCode).toBe(2);
    expect(existsSync(path)).toBe(false);
  });

  it('allows no writes', () => {
    const db = opened(openArchiveReadOnly(tempArchive().sqlite.name));
    expect(() => db.sqlite.exec("INSERT INTO state_dictionaries VALUES (1, x'00')")).toThrow(/readonly/);
    expect(rowsOf(db, 'state_dictionaries')).toEqual([]);
  });
});

describe('opening an archive that must be there', () => {
  it('opens it for writing, and makes neither a file nor a folder if there is none', () => {
    const db = opened(openExistingArchive(tempArchive().sqlite.name));
    db.sqlite.exec("INSERT INTO runs (started_at, outcome, collector) VALUES ('t', 'running', 'c')");
    const path = join(tempFolder(), 'nowhere', 'archive.db');
    const { message, exitCode } = refusalOf(() => openExistingArchive(path));
    expect([message, exitCode]).toEqual([expect.stringMatching(/^There is no archive at .*\. Make one with/), 2]);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('refuses an archive other than the expected one, and leaves every byte of it unchanged', () => {
    const known = identifyFile(tempArchive().sqlite.name);
    const other = openArchive(join(tempFolder(), 'archive.db'));
    const path = other.sqlite.name;
    other.close();
    const before = readFileSync(path);
    expect(refusalOf(() => openExistingArchive(path, known))).toBeInstanceOf(ArchiveMoved);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['archive.db']);
  });

  it('opens the expected archive', () => {
    const path = tempArchive().sqlite.name;
    opened(openExistingArchive(path, identifyFile(path)));
  });
});

describe('opening an archive and identifying the open file', () => {
  const identity = (main: string | undefined) => ({ main, wal: '1:2', shm: '1:3', isEmpty: false });

  /** Opens a path where each check finds the next of these files. Each attempt checks twice. */
  function tries(files: (string | undefined)[]) {
    const said: string[] = [];
    const open = () => ({ close: () => void said.push('closed') });
    const steady = () => openSteady('/a/archive.db', open, () => identity(files.shift()));
    return { said, steady };
  }

  it('tries again if another file is at the path after opening, as when an overlay file system has copied the file', () => {
    const { said, steady } = tries(['1:1', '2:1', '2:1', '2:1']);
    expect(steady().identity.main).toBe('2:1');
    expect(said).toEqual(['closed']);
  });

  it('accepts a file that did not exist before, because opening has made it', () => {
    const { said, steady } = tries([undefined, '1:1']);
    expect(steady().identity.main).toBe('1:1');
    expect(said).toEqual([]);
  });

  it('gives up if the file never stays the same, and leaves nothing open', () => {
    const { said, steady } = tries(['1:1', '1:2', '1:3', '1:4', '1:5', '1:6']);
    expect(steady).toThrow(/was exchanged for another file while it was being opened, 3 times/);
    expect(said).toEqual(['closed', 'closed', 'closed']);
  });
});
