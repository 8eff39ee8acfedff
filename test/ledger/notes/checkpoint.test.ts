import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadCheckpoint, formatCheckpoint, parseCheckpoint } from '../../../src/ledger/notes/checkpoint.ts';
import { parseNote } from '../../../src/ledger/notes/signed-note.ts';

const ROOT64 = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
/** The example of https://c2sp.org/tlog-cosignature: a checkpoint with the signatures of the log and of a witness. */
const NOTE = `example.com/behind-the-sofa
20852163
${ROOT64}

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe('a checkpoint', () => {
  it('is read from the specification’s example, and written in the same form', () => {
    const { text, signatures } = parseNote(NOTE);
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Buffer.from(ROOT64, 'base64'),
      extensions: [],
    });
    expect(formatCheckpoint(checkpoint)).toBe(text);
    expect(signatures.map(({ name, signature }) => [name, signature.length])).toEqual([
      ['example.com/behind-the-sofa', 64],
      ['witness.example.com/w1', 72],
    ]);
  });

  it('is the same after it was written and read back, with any parts', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const any = fc.record({ origin: line, size: fc.maxSafeNat(), root, extensions: fc.array(line) });
    fc.assert(
      fc.property(any, (checkpoint) => {
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  /**
   * Based on log/checkpoint_test.go of https://github.com/transparency-dev/formats at 0b850f1, Apache-2.0, but
   * stricter.
   */
  it.each([
    ['too few lines', 'Head\n9944\n'],
    ['an empty origin', `\n9944\n${ROOT64}\n`],
    ['no end of the last line', `Log\n123\n${ROOT64}`],
    ['a size that is not a number', `Log\nbananas\n${ROOT64}\n`],
    ['a negative size', `Log\n-34\n${ROOT64}\n`],
    ['a size too large', `Log\n3438945738945739845734895735\n${ROOT64}\n`],
    ['a size with leading zeroes', `Log\n012\n${ROOT64}\n`],
    ['a size of two zeroes', `Log\n00\n${ROOT64}\n`],
    ['a size with a plus', `Log\n+1\n${ROOT64}\n`],
    ['a size with an exponent', `Log\n1e3\n${ROOT64}\n`],
    ['an empty size', `Log\n\n${ROOT64}\n`],
    ['a root that is not base64', "Log\n123\nThisIsn'tBase64\n"],
    ['a root of another length', 'Log\n123\nYmFuYW5hcw==\n'],
    ['a root in base64 of another form', `Log\n123\n${ROOT64.replace('2I=', '2J=')}\n`],
    ['a root without padding', `Log\n123\n${ROOT64.slice(0, -1)}\n`],
    ['an empty root', 'Log\n123\n\n'],
    ['an empty extension', `Log\n123\n${ROOT64}\n\n`],
    ['an empty extension before another', `Log\n123\n${ROOT64}\n\nmore\n`],
    ['a carriage return', `Log\r\n123\n${ROOT64}\n`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseCheckpoint(text)).toThrow(BadCheckpoint);
  });

  it("is not written with parts that can't be read", () => {
    const good = { origin: 'log', size: 1, root: Buffer.alloc(32) };
    expect(formatCheckpoint({ ...good, extensions: ['more'] }).split('\n')).toHaveLength(5);
    for (const bad of [
      { origin: '' },
      { origin: 'a\nb' },
      { size: -1 },
      { size: 0.5 },
      { size: 2 ** 53 },
      { root: Buffer.alloc(31) },
      { extensions: [''] },
      { extensions: ['a\nb'] },
      { origin: '\ud800' },
    ]) {
      expect(() => formatCheckpoint({ ...good, ...bad })).toThrow(BadCheckpoint);
    }
  });
});
