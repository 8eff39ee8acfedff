import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLease } from '../../src/archive/file/lease.ts';
import { markCovered } from '../../src/archive/record/mark-covered.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import { parseVerifierKey } from '../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../src/ledger/notes/open-signer.ts';
import { openNote } from '../../src/ledger/notes/signed-note.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { page, rawInvocation, SOURCE } from '../archive/raw-invocation.ts';
import { rowsOf, tempFolder } from '../db/temp-archive.ts';
import { knowTests, onTestEnd } from '../on-test-end.ts';
import { bareEnvironment, CLI, runCli } from './run-cli.ts';

knowTests();

/** Makes a folder with an archive where the command looks for it. Returns the folder and the archive. */
function folderWithArchive(): { folder: string; db: ArchiveDb } {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  onTestEnd(() => db.close());
  return { folder, db };
}

/** Records the archive's source as covered between two times, which are given in days before now. */
function cover(db: ArchiveDb, from: number, to: number): void {
  markCovered(db.sqlite, SOURCE, { from: Date.now() - from * DAY_MS, to: Date.now() - to * DAY_MS });
}

describe.concurrent('status', () => {
  it('says what to do if the archive is empty', async () => {
    const { folder, db } = folderWithArchive();
    const { exitCode, stdout, stderr } = await runCli(folder, ['status']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Archive    ${db.sqlite.name}, `);
    expect(stdout).toContain('Last pass  none yet; run "ssm-archive ingest"');
  });

  it('shows counts, and how many unfinished invocations the service is about to forget', async () => {
    const { folder, db } = folderWithArchive();
    const RequestedDateTime = (Date.now() - 29 * DAY_MS) / 1000;
    createSingleReplyRecorder(db.sqlite)(
      page([
        rawInvocation({ InstanceId: 'i-1', Status: 'InProgress', RequestedDateTime }),
        rawInvocation({ InstanceId: 'i-2', RequestedDateTime }),
      ]),
    );
    const { exitCode, stdout } = await runCli(folder, ['status']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 invocations, 2 plugins, 1 distinct output, 2 revisions');
    expect(stdout).toMatch(/012345678901 {2}eu-west-1 +- +- +2 +1 {2}/);
    expect(stdout).toContain("012345678901 eu-west-1: 1 unfinished within 72 hours of the service's cutoff");
  });

  it('warns of a gap whose invocations the service forgets within 72 hours', async () => {
    const { folder, db } = folderWithArchive();
    cover(db, 29.5, 28);
    cover(db, 27, 0);
    const { stdout } = await runCli(folder, ['status']);
    expect(stdout).toContain(
      'is not collected, and the service forgets it within 72 hours. Run "ssm-archive ingest" now.',
    );
    expect(JSON.parse((await runCli(folder, ['status', '--json'])).stdout).uncollectedSoonForgotten).toHaveLength(1);
  });
});

describe.concurrent('coverage', () => {
  it('exits with code 0 if everything is complete', async () => {
    const { folder, db } = folderWithArchive();
    cover(db, 10, 0);
    const { exitCode, stdout } = await runCli(folder, ['coverage']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^complete +012345678901 {2}eu-west-1 /m);
    expect(stdout).toContain('No gaps.');
  });

  it('exits with code 1 if something is missing, and shows each gap with its cause', async () => {
    const { folder, db } = folderWithArchive();
    cover(db, 50, 40);
    cover(db, 30, 20);
    cover(db, 10, 0);
    const { exitCode, stdout } = await runCli(folder, ['coverage']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^lost /m);
    expect(stdout).toMatch(/^missing /m);
    expect(stdout).toContain('No pass listed it within the 30 days that the service keeps.');
    expect(stdout).toContain('2 gaps.');
  });

  it('judges the span that is asked for', async () => {
    const { folder, db } = folderWithArchive();
    cover(db, 30, 20);
    cover(db, 10, 0);
    const ask = (from: number, to: number) =>
      runCli(folder, [
        'coverage',
        ...['--from', isoFromMs(Date.now() - from * DAY_MS)],
        ...['--to', isoFromMs(Date.now() - to * DAY_MS), '--json'],
      ]);
    expect((await ask(7, 1)).exitCode).toBe(0);
    const edge = await ask(9, 1);
    expect(edge.exitCode).toBe(1);
    expect(JSON.parse(edge.stdout)).toMatchObject([
      { isComplete: false, gaps: [], edges: [{}], spreadMs: 172_800_000 },
    ]);
    const gap = await ask(15, 1);
    expect(gap.exitCode).toBe(1);
    expect(JSON.parse(gap.stdout)).toMatchObject([{ ...SOURCE, isComplete: false, gaps: [{ isForgotten: false }] }]);
  });
});

describe.concurrent('coverage --certificate', () => {
  it('prints a signed note, and makes the key first if there is none', async () => {
    const { folder, db } = folderWithArchive();
    cover(db, 10, 0);
    const ask = (...more: string[]) => runCli(folder, ['coverage', '--certificate', ...more]);
    const { exitCode, stdout, stderr } = await ask();
    expect([exitCode, stderr]).toEqual([0, '']);
    const key = parseVerifierKey(readVerifierKey(join(folder, 'data', 'archive-ledger.key')) ?? '');
    const { text } = openNote(stdout, [key]);
    expect(text).toMatch(/^ssm-archive\/coverage-certificate v1\n/);
    // Time that was covered before the file had a ledger has no sweep in the ledger, but an entry of its own.
    expect(text).toMatch(/"broughtInLeaves":\[\d+\]/);
    cover(db, 20, 15);
    const later = await ask();
    expect(later.exitCode).toBe(1);
    expect(openNote(later.stdout, [key]).text).toContain('"complete":false');
  });

  it('makes no certificate if there is no archive', async () => {
    const folder = tempFolder();
    const { exitCode, stderr } = await runCli(folder, ['coverage', '--certificate']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Make one with "ssm-archive ingest"');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe.concurrent('a command that writes into an archive', () => {
  it.each([
    ['hold', 'place', '--everything', '--reason', 'case 1'],
    ['hold', 'release', '1', '--reason', 'case 1'],
    ['prune', '--older-than', '400d', '--execute', '--reason', 'rule 4'],
    ['evidence', '--output', 'pack.zip', '--from', '2026-01-01', '--to', '2026-02-01'],
  ])('makes no archive if there is none: %s %s', async (...args) => {
    const folder = tempFolder();
    const { exitCode, stderr } = await runCli(folder, args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^There is no archive at .*\. Make one with/)]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe.concurrent('a file that is not an archive', () => {
  it.each(['status', 'coverage', 'ingest', 'serve'])(
    'is refused by %s with a sentence and exit code 2',
    async (command) => {
      const folder = tempFolder();
      mkdirSync(join(folder, 'data'));
      writeFileSync(join(folder, 'data', 'archive.db'), 'not a database, and long enough to be looked at'.repeat(50));
      const { exitCode, stderr } = await runCli(folder, [command], { SSM_ARCHIVE_PORT: '0' });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        'is not a SQLite database. Point --db or SSM_ARCHIVE_DB at an archive or at a new file.',
      );
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('is named by `doctor`, which exits with code 1', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'notes.txt'), 'not a database'.repeat(100));
    const { exitCode, stdout } = await runCli(folder, ['doctor'], { SSM_ARCHIVE_DB: 'notes.txt' });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAILED {3}archive: .*notes\.txt is not a SQLite database/m);
  });
});

describe.concurrent('two collectors', () => {
  it('do not collect into one file: the second prints a sentence, exits with code 1, and writes nothing', async () => {
    const { folder, db } = folderWithArchive();
    const holder = { id: 'this test', host: hostname(), pid: process.pid };
    takeLease({ sqlite: db.sqlite, isAlive: () => true }, holder, Date.now());
    const { exitCode, stdout, stderr } = await runCli(folder, ['ingest'], { AWS_REGION: 'eu-west-1' });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^Another pass is collecting into this archive: process \d+ on .+, since .+Z\. Nothing was done\. Wait for it/,
    );
    expect(rowsOf(db, 'runs')).toEqual([]);
    expect(rowsOf(db, 'leases')).toMatchObject([{ holder: 'this test' }]);
  });

  it('do not block each other once one of them has died', async () => {
    const { folder, db } = folderWithArchive();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const holder = { id: 'died', host: hostname(), pid: child.pid ?? 0 };
    takeLease({ sqlite: db.sqlite, isAlive: () => true }, holder, Date.now());
    const { stdout } = await runCli(folder, ['ingest'], { AWS_REGION: 'eu-west-1' });
    expect(stdout).toContain('Pass 1 ended');
    expect(rowsOf(db, 'leases')).toEqual([]);
  });
});

describe.concurrent('serve', () => {
  it('answers, logs the result of its pass, and exits with code 0 on SIGTERM', async () => {
    const folder = tempFolder();
    const child = spawn(process.execPath, [CLI, 'serve'], {
      env: { ...bareEnvironment(folder), AWS_REGION: 'eu-west-1', SSM_ARCHIVE_PORT: '0' },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestEnd(() => void child.kill('SIGKILL'));
    const exit = once(child, 'exit');
    // The server is ready once it listens and its first pass is over. That pass was refused, and the server goes on.
    const listening = new Promise<string>((resolve) => {
      let log = '';
      child.stderr.on('data', (chunk) => {
        log += String(chunk);
        const url = /"url":"([^"]+)"/.exec(log)?.[1];
        if (url !== undefined && log.includes('Give credentials')) resolve(url);
      });
    });
    const url = await listening;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const path of ['/healthz', '/readyz']) expect((await fetch(url + path)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('exits with code 2 if its port is taken, and says how to choose another', async () => {
    const folder = tempFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    onTestEnd(() => void taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { exitCode, stderr } = await runCli(folder, ['serve'], { SSM_ARCHIVE_PORT: port });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Port ${port} on 127.0.0.1 is taken by another process. Choose another port with --port or SSM_ARCHIVE_PORT.`,
    );
  });
});
