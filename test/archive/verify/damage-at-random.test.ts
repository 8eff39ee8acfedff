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

/** Returns what `verify` says about a file of these bytes; if it finds no fault, also everything in the file. */
function judged(bytes: Buffer): { verdict: Verdict; held: string | undefined } {
  const sqlite = opened({ bytes });
  try {
    const verdict = verifyInProcess(sqlite);
    return { verdict, held: verdict.verdict !== 'not-intact' ? dump(sqlite) : undefined };
  } finally {
    sqlite.close();
  }
}

/** Whether a file that counts as intact has its former content. The texts are too long for the message of expect(). */
const isSame = (held: string | undefined) => held === undefined || held === before;

const places = fc.integer({ min: 0, max: 0x7fff_ffff });

/** Fields of the header: the versions of the format that are needed to write and to read. */
const WAL_BYTES = [18, 19];

describe('changed bytes of the file itself', () => {
  it('are found, or have no effect: one at a time, a few hundred times at random', () => {
    let found = 0;
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = Buffer.from(archive.bytes);
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
        // The value 2 here would mean WAL mode, in which a file in memory can't be.
        fc.pre(!(WAL_BYTES.includes(at) && bytes.readUInt8(at) === 2));
        const { verdict, held } = judged(bytes);
        expect(isSame(held), `byte ${at}`).toBe(true);
        found += verdict.verdict === 'not-intact' ? 1 : 0;
      }),
      { numRuns: 250 },
    );
    expect(found).toBeGreaterThan(40);
  });

  it('are found, or have no effect: in every byte of the header and of the schema’s first page', () => {
    for (let at = 0; at < 140; at++) {
      const bytes = Buffer.from(archive.bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x41, at);
      expect(isSame(judged(bytes).held), `byte ${at}`).toBe(true);
    }
  });

  it('are found, or have no effect: a sector of zeros', () => {
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

  it('are found if one page was replaced by another', () => {
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

  it('are found if the end of the file is missing', () => {
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const bytes = archive.bytes.subarray(0, Math.floor((archive.bytes.length * share) / 8192) * 8192);
      const { verdict } = judged(bytes);
      expect(sentences(verdict)).not.toBe('');
      expect(verdict.verdict).toBe('not-intact');
    }
  });
});
