import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import SQLite from 'better-sqlite3';
import { settleFiles } from '../../../../src/archive/file/own-files/settle-files.ts';
import { placesIn } from './places-in.ts';

// Run by settle-files.test.ts: settles an archive's files, and ends itself like `kill -9` before its n-th step that may
// change a file or take a lock. Arguments: <archive> <n>. It prints `settled` if there are fewer steps.
const [archive = '', n = ''] = process.argv.slice(2);
let steps = 0;

/** Counts each call of these methods, unless it only reads. */
function count<Key extends string>(
  of: Record<Key, (...args: never[]) => unknown>,
  names: readonly Key[],
  reads: (args: unknown[]) => boolean = () => false,
): void {
  for (const name of names) {
    const method = of[name];
    of[name] = function (this: unknown, ...args: never[]) {
      if (!reads(args)) steps += 1;
      if (steps === Number(n)) process.kill(process.pid, 'SIGKILL');
      return method.apply(this, args);
    };
  }
}

const opensToRead = ([, flags]: unknown[]) => flags === 'r';
count(fs, ['writeFileSync', 'renameSync', 'linkSync', 'rmSync', 'fsyncSync']);
count(fs, ['openSync'], opensToRead);
count(fs.promises, ['rename', 'rm']);
count(fs.promises, ['open'], opensToRead);
syncBuiltinESMExports();
count(SQLite.prototype, ['exec', 'close']);
count(SQLite.prototype, ['pragma'], ([text]) => !String(text).includes('='));
count(SQLite.prototype, ['prepare'], ([text]) => !String(text).includes('VACUUM'));

// The access log is left out: its database takes the same steps as the database of tokens.
const places = placesIn(archive).filter(({ file }) => file !== 'accessDb');
await settleFiles(archive, places, (sentence) => process.stderr.write(`${sentence}\n`));
process.stdout.write('settled');
