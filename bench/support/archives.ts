import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { whole } from './benchmark.ts';
import { startChild } from './start-child.ts';

const Built = z.object({ seconds: z.number() });

/**
 * Returns a function that returns the path of an archive of that many invocations in the folder `keep`, and builds the
 * archive if it is missing. `folder` is for the process that builds it. A file gets its name only once it is complete.
 */
export function createArchives(keep: string, folder: string, say: (line: string) => void) {
  return async (invocations: number, days?: number): Promise<string> => {
    const name = days === undefined ? `${invocations}` : `${invocations}-in-${days}-days`;
    const path = join(keep, `${name}.db`);
    if (existsSync(path)) return path;
    mkdirSync(keep, { recursive: true });
    const unfinished = join(keep, `${name}.building.db`);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true });
    const child = await startChild(folder, 'build-archive', { path: unfinished, invocations, days });
    const { seconds } = await child.ask(undefined, Built);
    await child.end();
    renameSync(unfinished, path);
    const bytes = statSync(path).size;
    say(
      `an archive of ${whole(invocations)} invocations built in ${whole(seconds)} s: ${(bytes / 1e9).toFixed(2)} GB, ${whole(bytes / invocations)} bytes each`,
    );
    return path;
  };
}
