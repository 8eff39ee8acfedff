import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureArchive, findPlace } from '../../../src/archive/file/ensure-archive.ts';
import { makeArchive } from '../../../src/archive/file/make-archive.ts';
import { besideOf, standingAt } from '../../../src/archive/file/standing.ts';
import { openExistingArchive } from '../../../src/db/open.ts';
import { bareEnvironment, CLI } from '../../cli/run-cli.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { until } from '../../until.ts';

function placeIn(folder: string) {
  const at = (name: string) => join(folder, name);
  return { db: at('archive.db'), ledgerKey: at('archive-ledger.key'), authDb: at('archive-auth.db') };
}

describe('making an archive', () => {
  it('gives the archive’s name only to a whole file, and leaves no other file beside it', async () => {
    const folder = tempFolder();
    expect(await makeArchive(join(folder, 'archive.db'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['archive.db']);
    openExistingArchive(join(folder, 'archive.db')).close();
  });

  it('makes only one archive if several processes try at once', async () => {
    const place = placeIn(tempFolder());
    const made = await Promise.all([1, 2, 3, 4].map(() => ensureArchive(place)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(standingAt(place.db)).toEqual({ kind: 'archive' });
  });

  it('works on a file system without hard links', async () => {
    const folder = tempFolder();
    const refuse = () => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    expect(await makeArchive(join(folder, 'archive.db'), refuse)).toBe(true);
    expect(await makeArchive(join(folder, 'archive.db'), refuse)).toBe(false);
    expect(readdirSync(folder)).toEqual(['archive.db']);
  });

  it('leaves, if the process is killed at any moment, a folder in which the next start can continue', async () => {
    for (const afterMs of [0, 5, 10, 20, 40, 80]) {
      const folder = tempFolder();
      const options = { cwd: folder, env: bareEnvironment(folder), stdio: 'ignore' } as const;
      const child = spawn(process.execPath, [CLI, 'init'], options);
      const ended = once(child, 'exit');
      const data = join(folder, 'data');
      // From this step on, a killed process leaves unfinished work.
      await until(() => existsSync(data));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await ended;
      const place = placeIn(data);
      expect(besideOf(place.db), `after ${afterMs} ms`).toEqual([]);
      await ensureArchive(place);
      expect(findPlace(place)).toBe('archive');
      openExistingArchive(place.db).close();
    }
  });
});
