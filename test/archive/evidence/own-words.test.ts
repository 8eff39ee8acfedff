import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zipJs from '@zip.js/zip.js';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { runHere } from '../../cli/run-here.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { packed } from './pack-trial.ts';

/** The error sentences of the library that reads ZIPs, and those of zlib, V8 and Node behind it. */
const WORDS = [
  ...Object.entries(zipJs).flatMap(([name, text]) =>
    name.startsWith('ERR_') && typeof text === 'string' ? [text] : [],
  ),
  ...[
    'invalid stored block',
    'invalid distance',
    'invalid code',
    'invalid block',
    'incorrect header',
    'incorrect data',
  ],
  ...[
    'unexpected end',
    'too many length',
    'Unexpected token',
    'in JSON',
    'end of central',
    'Invalid input',
    'Unrecognized',
  ],
  ...['is not a function', 'undefined', 'Cannot read', 'EISDIR', 'EACCES', 'Offset is outside', 'out of range'],
].map((text) => text.toLowerCase());

let pack: Buffer;
let made: Promise<Buffer> | undefined;
beforeEach(async () => {
  made ??= packed().then(({ pack: path }) => readFileSync(path));
  pack = await made;
});

/** Returns the sentences of all faults that are found in a pack of these bytes. */
async function said(bytes: Buffer): Promise<string[]> {
  const path = join(tempFolder(), 'pack.zip');
  writeFileSync(path, bytes);
  try {
    return (await verifyEvidence(path, [])).faults.map(({ what }) => what);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function expectOwn(sentences: readonly string[]): void {
  for (const sentence of sentences)
    expect(
      WORDS.filter((word) => sentence.toLowerCase().includes(word)),
      sentence,
    ).toEqual([]);
}

describe('the sentences about a damaged pack', () => {
  it('are searched for words that really come from the libraries', () => {
    expect(WORDS.length).toBeGreaterThan(35);
  });

  it('have no words of a library if a byte was changed', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(pack);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expectOwn(await said(bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('have no words of a library if the pack was cut, or has other bytes in its middle', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length), fc.uint8Array({ maxLength: 40 }), async (at, more) => {
        expectOwn(await said(pack.subarray(0, at)));
        expectOwn(await said(Buffer.concat([pack.subarray(0, at), more, pack.subarray(at)])));
      }),
      { numRuns: 40 },
    );
  });

  it.each<[string, (path: string) => void, string]>([
    ['an empty file', (path) => writeFileSync(path, ''), 'it does not end with the end record of a ZIP'],
    ['not a ZIP', (path) => writeFileSync(path, 'SELECT 1'), 'it does not end with the end record of a ZIP'],
    ['a folder', (path) => mkdirSync(path), 'it is a folder'],
  ])('have no words of a library if the pack is %s', async (_, make, sentence) => {
    const folder = tempFolder();
    make(join(folder, 'p.zip'));
    const { exitCode, stderr } = await runHere(folder, ['verify', 'p.zip']);
    expect(stderr).toContain(`p.zip can't be verified: ${sentence}`);
    expectOwn([stderr]);
    expect(exitCode).toBe(1);
  });
});
