import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempFolder } from '../db/temp-archive.ts';
import { bareEnvironment, CLI, runCli } from './run-cli.ts';

/** Every command that may take long, and the files that it makes if it reaches its end. */
const CALLS: [string[], string[]][] = [
  [['backup', 'copy.db'], ['copy.db']],
  [['restore', 'kept.db', '--replace'], []],
  [['verify'], []],
  [['evidence', '--from', '-30d', '--to', 'now', '--allow-empty', '--output', 'pack.zip'], ['pack.zip']],
  [['prune', '--older-than', '400d', '--execute', '--reason', 'a test', '--rewrite'], []],
  [['migrate'], []],
  [['import-senders', 'trail.json'], []],
  [['sql', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'], []],
  [['reconcile'], []],
  [['init', '--db', 'other.db'], []],
];

/** When signals are sent: from the loading of the program until most calls have ended by themselves. */
const MOMENTS_MS = [150, 400, 700, 1100, 1600];

/** SQLite's own files beside an open archive, files that belong to signing, and files that were set aside. */
const ITS_OWN =
  /-(wal|shm)$|ledger\.(key|signed)|\.signed\.lock$|\.replaced|\.before|^kept\.db\.|^other[.-]|^data$|\.set-aside-/;

let prepared: string;
beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), 'ssm-archive-interrupted-'));
  expect((await runCli(prepared, ['init', '--db', 'archive.db'])).exitCode).toBe(0);
  expect((await runCli(prepared, ['backup', 'kept.db', '--db', 'archive.db'])).exitCode).toBe(0);
  writeFileSync(join(prepared, 'trail.json'), '{"Records":[]}');
});
afterAll(() => rmSync(prepared, { recursive: true }));

/** Interrupts the call at this moment, in a folder of its own, and checks what it leaves there. */
async function interrupt(call: readonly string[], made: readonly string[], afterMs: number): Promise<void> {
  const folder = tempFolder();
  cpSync(prepared, folder, { recursive: true });
  const before = readdirSync(folder);
  const child = spawn(process.execPath, [CLI, ...call], {
    cwd: folder,
    env: { SSM_ARCHIVE_DB: 'archive.db', AWS_REGION: 'eu-west-1', ...bareEnvironment(folder) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  setTimeout(() => child.kill('SIGINT'), afterMs);
  const ended = await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  // A signal that comes before any work has begun ends the process in the system's usual way.
  expect(['SIGINT', 0, 1, 3, 130], said).toContain(ended);
  expect(said).not.toContain('    at ');
  expect(said).not.toContain('Unexpected failure');
  const more = readdirSync(folder).filter((name) => !before.includes(name) && !ITS_OWN.test(name));
  expect(more).toEqual(
    ended === 0 || ended === 3
      ? made
      : expect.toSatisfy((names: string[]) => names.every((name) => made.includes(name))),
  );
  // The files that existed before are whole, and can be opened.
  const { exitCode, stderr } = await runCli(folder, ['sql', 'SELECT count(*) FROM invocations', '--db', 'archive.db']);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
}

it.each(CALLS)(
  '%j ends soon after Ctrl-C at any moment, without a stack trace and with nothing half done',
  { timeout: 120_000 },
  async (call, made) => {
    await Promise.all(MOMENTS_MS.map((afterMs) => interrupt(call, made, afterMs)));
  },
);
