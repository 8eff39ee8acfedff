import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { packed, unpacked } from './pack-trial.ts';
import { numbers, type Part, type Whole, zipOf } from './zip-trial.ts';

const JUNK = Buffer.from('#!/bin/sh\necho something else\n');
const FOLLOWING = 0x0008;

/** The files of one genuine pack, and the pack itself. */
let parts: readonly Part[];
let pack: Buffer;
let made: Promise<{ parts: Part[]; pack: Buffer }> | undefined;
beforeEach(async () => {
  made ??= packedOnce();
  ({ parts, pack } = await made);
});

async function packedOnce(): Promise<{ parts: Part[]; pack: Buffer }> {
  const { pack: path } = await packed();
  const folder = await unpacked(path);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return { parts: names.map((name) => ({ name, data: readFileSync(join(folder, name)) })), pack: readFileSync(path) };
}

async function verdictOf(bytes: Buffer) {
  const path = join(tempFolder(), 'pack.zip');
  writeFileSync(path, bytes);
  return verifyEvidence(path, []);
}

const whole = (options: Whole) => () => zipOf(parts, options);
/** A ZIP in which the file of this name differs. */
const otherwise =
  (name: string, change: Partial<Part>, options: Whole = {}) =>
  () =>
    zipOf(
      parts.map((part) => (part.name === name ? { ...part, ...change } : part)),
      options,
    );
const added = (part: Part) => () => zipOf([...parts, part]);

describe('a pack is genuine', () => {
  it.each<[string, () => Buffer]>([
    ['as it was made', () => pack],
    ['if another program packed its files again', whole({})],
    ['with a 64-bit end record beside the short one', () => zipOf(parts, { count64: parts.length })],
    [
      'with a short end record that only refers to a 64-bit one',
      () => zipOf(parts, { count64: parts.length, isShortLeft: true }),
    ],
    [
      'with the sizes of each file after its content',
      () => zipOf(parts.map((part) => ({ ...part, flags: FOLLOWING }))),
    ],
    ['with a file that is not compressed', otherwise('VERIFY.md', { isStored: true })],
    [
      'in another order, with a folder for the outputs',
      () => zipOf([{ name: 'outputs/', data: Buffer.alloc(0), attributes: 0x41ed0010 }, ...[...parts].reverse()]),
    ],
  ])('%s', async (_, bytes) => {
    expect(await verdictOf(bytes())).toMatchObject({ verdict: 'consistent', faults: [], states: 9, rows: 7 });
  });

  it.each(['ZIP_DEFLATED', 'ZIP_STORED'])('if Python packed its files again: %s', async (method) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'pack.zip'), pack);
    const script = `import zipfile
with zipfile.ZipFile('pack.zip') as pack, zipfile.ZipFile('again.zip', 'w', zipfile.${method}) as again:
    for name in pack.namelist(): again.writestr(name, pack.read(name))`;
    execFileSync('python3', ['-c', script], { cwd: folder });
    expect(await verdictOf(readFileSync(join(folder, 'again.zip')))).toMatchObject({
      verdict: 'consistent',
      faults: [],
    });
  });
});

describe('a pack is not genuine', () => {
  it.each<[string, () => Buffer, string | RegExp]>([
    ['with data before its ZIP', whole({ prefix: JUNK }), /it has data before its ZIP or within it/],
    [
      'with data before its ZIP that the offsets in the ZIP include',
      whole({ prefix: JUNK, isPrefixCounted: true }),
      'it has data before its first file',
    ],
    ['with another pack before it', () => Buffer.concat([pack, pack]), /it has data before its ZIP or within it/],
    ['with data after its ZIP', whole({ suffix: JUNK }), /it does not end with the end record of a ZIP/],
    ['with a byte after its ZIP', whole({ suffix: Buffer.of(0) }), /it does not end with the end record of a ZIP/],
    ['with a comment', whole({ comment: Buffer.from('GENUINE') }), /it does not end with the end record of a ZIP/],
    [
      'with a comment that is a ZIP',
      () => zipOf(parts, { comment: zipOf(parts.slice(1)) }),
      /it has data before its ZIP or within it/,
    ],
    [
      'with data before its directory',
      whole({ beforeDirectory: JUNK }),
      /there is data after .* that belongs to no file/,
    ],
    ['with data after its directory', whole({ behindDirectory: JUNK }), /it has data before its ZIP or within it/],
    [
      'with data between two files',
      otherwise('checkpoint', { gap: JUNK }),
      /there is data after .* that belongs to no file/,
    ],
    [
      'with a wrong size in a file’s own header, although the sizes follow its content',
      otherwise('key.txt', { flags: FOLLOWING, own: { bytes: 1 } }),
      /key\.txt has a header that disagrees with the directory/,
    ],
    [
      'with another name in a file’s own header than in the directory',
      otherwise('key.txt', { own: { name: 'kez.txt' } }),
      'key.txt has the name kez.txt in its own header',
    ],
    [
      'with a longer name in a file’s own header than in the directory',
      otherwise('key.txt', { own: { name: 'outputs/key.txt' } }),
      'key.txt has the name outputs/key.txt in its own header',
    ],
    [
      'with another size in a file’s own header than in the directory',
      otherwise('key.txt', { own: { bytes: 1 } }),
      /key\.txt has a header that disagrees with the directory/,
    ],
    [
      'with another checksum in a file’s own header than in the directory',
      otherwise('key.txt', { own: { crc: 1 } }),
      /key\.txt has a header that disagrees with the directory/,
    ],
    [
      'with another compression method in a file’s own header than in the directory',
      otherwise('key.txt', { own: { method: 0 } }),
      /key\.txt has a header that disagrees with the directory/,
    ],
    [
      'with a file’s own header that says that the file is encrypted',
      otherwise('key.txt', { own: { flags: 1 } }),
      /key\.txt has a header that disagrees with the directory/,
    ],
    [
      'with a file whose sizes are stated in two ways',
      otherwise('key.txt', { extra: numbers([1, 2], [8, 2], [5, 8]) }),
      'key.txt states its sizes in two ways',
    ],
    [
      'with a second name of a file in the directory',
      otherwise('key.txt', { extra: numbers([0x7075, 2], [1, 2], [1, 1]) }),
      'key.txt has a second name',
    ],
    [
      'with a second name of a file in its own header',
      otherwise('key.txt', { own: { extra: numbers([0x7075, 2], [1, 2], [1, 1]) } }),
      'key.txt has a second name',
    ],
    [
      'with extra fields that end early',
      otherwise('key.txt', { extra: numbers([9, 2], [90, 2]) }),
      'key.txt has extra fields that cannot be read',
    ],
    [
      'with a comment on a file',
      otherwise('key.txt', { comment: 'GENUINE' }),
      'key.txt has a comment, which is not signed',
    ],
    ['with two files of the same name', () => zipOf([...parts, ...parts.slice(0, 1)]), /it has two files named /],
    [
      'with two files that share their content',
      () => shared(),
      /two files share data|disagrees with the directory|in its own header/,
    ],
    [
      'with a file that is marked as a folder',
      added({ name: 'note.txt', data: JUNK, attributes: 0x10 }),
      'note.txt is not a regular file',
    ],
    [
      'with a file that is marked as a link',
      otherwise('key.txt', { attributes: 0xa1ff0000 }),
      'key.txt is not a regular file',
    ],
    [
      'with a folder entry that contains data',
      added({ name: 'outputs/', data: JUNK }),
      'outputs/ is a folder, but has content',
    ],
    [
      'with a folder entry without any file in that folder',
      added({ name: 'GENUINE/', data: Buffer.alloc(0), attributes: 0 }),
      'GENUINE/ is a folder without files',
    ],
    [
      'with a file whose path leads out of the folder',
      added({ name: '../x', data: JUNK }),
      "../x is not a name within the pack's folder",
    ],
    [
      'with a file whose name is a Windows path',
      added({ name: 'outputs\\x', data: JUNK }),
      "outputs\\x is not a name within the pack's folder",
    ],
    [
      'with a wrong count of files in its end record',
      () => zipOf(parts, { count: 3 }),
      /its directory has 20 files, but its end record says 3/,
    ],
    [
      'with different counts of files in its two end records',
      () => zipOf(parts, { count64: 3 }),
      'its two end records say different things',
    ],
  ])('%s', async (_, bytes, fault) => {
    const { verdict, faults } = await verdictOf(bytes());
    expect(verdict).toBe('not-genuine');
    expect(faults.map(({ what }) => what).join('\n')).toMatch(fault);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['without its last byte', () => pack.subarray(0, -1), /it does not end with the end record of a ZIP/],
    [
      'with more data after it than the search for its end covers',
      whole({ suffix: Buffer.alloc(20_000_000) }),
      /it does not end with/,
    ],
    [
      'with an end record that refers to a missing 64-bit one',
      whole({ isShortLeft: true }),
      /its end record refers to a 64-bit end record that does not exist/,
    ],
    [
      'with data after the compressed content of a file',
      otherwise('VERIFY.md', { tail: JUNK }),
      /its VERIFY\.md is damaged/,
    ],
  ])('%s, and cannot be read', async (_, bytes, reason) => {
    await expect(verdictOf(bytes())).rejects.toThrow(reason);
  });

  it('with one to three bytes added or removed anywhere', async () => {
    const change = fc.record({
      at: fc.nat(pack.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 3 }),
      isIn: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, bytes, isIn }) => {
        const rest = pack.subarray(isIn ? at : at + bytes.length);
        const changed = Buffer.concat([pack.subarray(0, at), ...(isIn ? [bytes] : []), rest]);
        const { verdict } = await verdictOf(changed).catch(() => ({ verdict: 'not-genuine' }));
        expect(verdict).toBe('not-genuine');
      }),
      { numRuns: 50 },
    );
  });
});

/** A ZIP whose directory has the same position for two files. */
function shared(): Buffer {
  const bytes = zipOf(parts);
  const second = bytes.indexOf('PK\x01\x02', bytes.indexOf('PK\x01\x02', 0, 'latin1') + 4, 'latin1');
  bytes.writeUInt32LE(0, second + 42);
  return bytes;
}
