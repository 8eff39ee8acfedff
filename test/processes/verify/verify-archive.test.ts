import { EventEmitter, getEventListeners } from 'node:events';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import {
  type VerifyProgress,
  type VerifyQuestion,
  verifyArchive,
} from '../../../src/processes/verify/verify-archive.ts';
import { type BuiltArchive, buildArchive, recordPass, sentences, sign } from '../../archive/verify/attacked-archive.ts';
import { invocationsOf } from '../../archive/verify/odd-fleet.ts';
import { builtProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130);
});
afterAll(() => archive.remove());

function file(): string {
  const path = join(tempFolder(), 'archive.db');
  writeFileSync(path, archive.bytes);
  return path;
}

function verify(path: string, more: Partial<VerifyQuestion> = {}) {
  const program = builtProgram('verifier');
  return verifyArchive({ path, trustedKeys: [], outside: [], processes: 2, program, ...more });
}

describe('`verify`, in processes of its own,', () => {
  it('finds an archive intact with the key and a checkpoint that were kept elsewhere, and reports its progress', async () => {
    const progress: VerifyProgress[] = [];
    const verdict = await verify(file(), {
      trustedKeys: [readVerifierKey(archive.keyPath) ?? ''],
      outside: archive.checkpoints.map(({ note, size }) => ({ from: String(size), note })),
      onProgress: (now) => progress.push(now),
    });
    expect(sentences(verdict)).toBe('');
    expect(verdict).toMatchObject({
      isIntact: true,
      checkpoints: 4,
      outsideCheckpoints: 4,
      cosignatures: 6,
      witnesses: 2,
    });
    expect(progress[0]).toEqual({ leaves: 0, of: verdict.size });
    expect(progress.at(-1)).toEqual({ leaves: verdict.revisions, of: verdict.size });
  });

  it('returns the same verdict however often it is called', async () => {
    const path = file();
    const first = await verify(path);
    expect(await verify(path, { processes: 1 })).toEqual(first);
    expect(await verify(path)).toEqual(first);
    expect(readFileSync(path).equals(archive.bytes)).toBe(true);
  });

  it('adds no event listener for each part if one process verifies all parts (Node would warn about a leak)', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    const most = EventEmitter.defaultMaxListeners;
    EventEmitter.defaultMaxListeners = 3;
    process.on('warning', hear);
    const { signal } = new AbortController();
    try {
      await verify(file(), { processes: 1, signal });
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      EventEmitter.defaultMaxListeners = most;
      process.off('warning', hear);
    }
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('finds the archive intact while a collector writes all the time', async () => {
    const path = file();
    const db = openArchive(path);
    let hour = 4;
    let isDone = false;
    const writing = (async () => {
      while (!isDone) {
        hour += 1;
        recordPass(db, hour, invocationsOf(20, hour));
        sign(db.sqlite, archive.keyPath, hour);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    try {
      const sizes: number[] = [];
      for (let n = 0; n < 3; n++) {
        const verdict = await verify(path);
        expect(sentences(verdict)).toBe('');
        sizes.push(verdict.size);
      }
      expect(sizes[2]).toBeGreaterThan(sizes[0] ?? 0);
    } finally {
      isDone = true;
      await writing;
      db.close();
    }
  });

  it('finds a change that was made in the file', async () => {
    const path = file();
    const db = openArchive(path);
    db.sqlite.exec("UPDATE invocations SET status = 'Failed' WHERE id = 1");
    db.close();
    const verdict = await verify(path);
    expect(verdict.verdict).toBe('not-intact');
    expect(sentences(verdict)).toMatch(/invocations\.status differs from its last state/);
  });
});

describe('a file that SQLite can’t read', () => {
  it.each([
    [
      'is not a database',
      (path: string) => writeFileSync(path, 'not a database, but long enough to be taken for one'.repeat(300)),
    ],
    ['is cut off', (path: string) => truncateSync(path, Math.floor(archive.bytes.length / 16_384) * 8192)],
    ['is empty', (path: string) => truncateSync(path, 0)],
    [
      'has no schema',
      (path: string) => {
        const bytes = Buffer.from(archive.bytes);
        bytes.fill(0xff, 100, 8192);
        writeFileSync(path, bytes);
      },
    ],
  ])('gets the verdict not-intact, and no error: a file that %s', async (_, damage) => {
    const path = file();
    damage(path);
    const verdict = await verify(path);
    expect(verdict.verdict).toBe('not-intact');
    expect(sentences(verdict)).toMatch(/SQLite cannot read the file|database disk image is malformed|is missing/);
  });
});

describe('a verification that is stopped', () => {
  it('ends with the reason of the stop, even if it had not begun yet', async () => {
    const reason = new Error('stopped');
    await expect(verify(file(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stop = new AbortController();
    await expect(verify(file(), { signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(reason);
  });

  it('fails if its processes end', async () => {
    const program = { path: join(tempFolder(), 'ends.mjs') };
    writeFileSync(program.path, 'process.exit(1)');
    await expect(verify(file(), { program })).rejects.toThrow(/A verifying process ended with exit code 1/);
  });
});
