import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Returns what to install if this machine has no sqlite3; undefined if it has sqlite3. */
export function missingSqlite3(): string | undefined {
  const isThere = (process.env.PATH ?? '').split(':').some((bin) => existsSync(join(bin, 'sqlite3')));
  return isThere ? undefined : 'sqlite3 (Debian: apt-get install sqlite3)';
}
