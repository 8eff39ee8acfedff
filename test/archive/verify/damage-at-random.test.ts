import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/archive/verify/judge-parts.ts';
import { type BuiltArchive, buildArchive, opened, sentences, verifyInProcess } from './attacked-archive.ts';
import { dump } from './tables.ts';

let archive: BuiltArchive;
let before: string;
beforeAll(async () => {
  archive = await buildArchive(9);
  const sqlite = opened(archive);
  before = dump(sqlite);
  sqlite.close();
});
afterAll(() => archive.remove());

/** What verify says of these bytes as a file, and, where that is nothing, all that they hold. */
function judged(bytes: Buffer): { verdict: Verdict; held: string | undefined } {
  const sqlite = opened({ bytes });
  try {
    const verdict = verifyInProcess(sqlite);
    return { verdict, held: verdict.verdict !== 'not-intact' ? dump(sqlite) : undefined };
  } finally {
    sqlite.close();
  }
}

/** Whether nothing is held to be intact that holds something else. The texts are too long to be shown. */
const isSame = (held: string | undefined) => held === undefined || held === before;

const places = fc.integer({ min: 0, max: 0x7fff_ffff });

/** Of the header: the versions of the format that are needed to write and to read. */
const WAL_BYTES = [18, 19];

describe('bytes of the file itself that are changed', () => {
  it('are found, or hold nothing: one at a time, a few hundred times at random', () => {
    let found = 0;
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = Buffer.from(archive.bytes);
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
        // So it says that it has a log beside it, as all archives do, and no file in memory can have one.
        fc.pre(!(WAL_BYTES.includes(at) && bytes.readUInt8(at) === 2));
        const { verdict, held } = judged(bytes);
        expect(isSame(held), `byte ${at}`).toBe(true);
        found += verdict.verdict === 'not-intact' ? 1 : 0;
      }),
      { numRuns: 250 },
    );
    expect(found).toBeGreaterThan(40);
  });

  it('are found, or hold nothing: in every byte of the header and of the schema’s first page', () => {
    for (let at = 0; at < 140; at++) {
      const bytes = Buffer.from(archive.bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x41, at);
      expect(isSame(judged(bytes).held), `byte ${at}`).toBe(true);
    }
  });

  it('are found, or hold nothing: a sector of zeros', () => {
    fc.assert(
      fc.property(places, (place) => {
        const bytes = Buffer.from(archive.bytes);
        const at = (place % (bytes.length / 512)) * 512;
        bytes.fill(0, at, at + 512);
        expect(isSame(judged(bytes).held), `sector at ${at}`).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are found where a page has taken another’s place', () => {
    const pages = archive.bytes.length / 8192;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: pages - 1 }), fc.integer({ min: 1, max: pages - 1 }), (from, to) => {
        const bytes = Buffer.from(archive.bytes);
        bytes.copy(bytes, to * 8192, from * 8192, (from + 1) * 8192);
        expect(isSame(judged(bytes).held), `page ${from} for ${to}`).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are found where the end of the file is missing', () => {
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const bytes = archive.bytes.subarray(0, Math.floor((archive.bytes.length * share) / 8192) * 8192);
      const { verdict } = judged(bytes);
      expect(sentences(verdict)).not.toBe('');
      expect(verdict.verdict).toBe('not-intact');
    }
  });
});
