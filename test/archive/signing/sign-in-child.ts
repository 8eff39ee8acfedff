import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import SQLite from 'better-sqlite3';
import { makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { renewKey } from '../../../src/archive/checkpoints/renew-key.ts';
import { openExistingArchive } from '../../../src/db/open.ts';

// Run by signing-record.test.ts: signs an archive, or renews its key, and ends itself like `kill -9` before its n-th
// step that may change a file. Arguments: <archive> <key> sign|renew <n>. It prints the note that it would show to
// others.
const [archive = '', keyPath = '', what = '', n = ''] = process.argv.slice(2);
let steps = 0;

/** Counts each call of these methods. */
function count<Key extends string>(of: Record<Key, (...args: never[]) => unknown>, names: readonly Key[]): void {
  for (const name of names) {
    const method = of[name];
    of[name] = function (this: unknown, ...args: never[]) {
      steps += 1;
      if (steps === Number(n)) process.kill(process.pid, 'SIGKILL');
      return method.apply(this, args);
    };
  }
}

const { sqlite } = openExistingArchive(archive);
count(fs, ['writeFileSync', 'renameSync', 'linkSync', 'rmSync', 'fsyncSync', 'openSync']);
syncBuiltinESMExports();
count(SQLite.prototype, ['exec', 'close']);
// Every statement that writes, and the end of each transaction.
count(Object.getPrototypeOf(sqlite.prepare('SELECT 1')), ['run']);

const deps = { keyPath, random: randomBytes, now: () => new Date() };
if (what === 'renew') renewKey(sqlite, { ...deps, isAfterRestore: false });
process.stdout.write(makeCheckpoint(sqlite, deps).note);
