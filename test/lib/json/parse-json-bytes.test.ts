import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBytes } from '../../../src/lib/json/parse-json-bytes.ts';

function viaText(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

const anyText = fc.string({ unit: 'binary' });
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.string({ unit: 'grapheme' }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('JSON in bytes', () => {
  it('is parsed as JSON.parse parses the text, with members in the same order', () => {
    fc.assert(
      fc.property(json, (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const parsed = parseJsonBytes(bytes);
        expect(parsed).toEqual(viaText(bytes));
        expect(JSON.stringify(parsed)).toBe(JSON.stringify(viaText(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an escape and a byte that look alike', '{"a":"\\u00e9é","b":"é"}'],
    ['an escaped surrogate beside a character as it is', '["\\ud83d\\ude00 🎉","\\ud83d"]'],
    ['a path with a backslash and a u', '["C:\\\\users\\\\é"]'],
    ['control characters', '["\\u001b[0m é\\u0000"]'],
    ['names of members', '{"b":1,"é":2,"a":{"🎉":"é"}}'],
    ['a name __proto__, which must not set the prototype', '{"__proto__":{"é":"é"}}'],
  ])('is parsed correctly with %s', (_what, text) => {
    const bytes = Buffer.from(text);
    expect(JSON.stringify(parseJsonBytes(bytes))).toBe(JSON.stringify(viaText(bytes)));
  });

  it('has U+FFFD for bytes that are not UTF-8, as the decoded text has', () => {
    const bytes = Buffer.concat([
      Buffer.from('["a'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('","'),
      Buffer.from([0xff]),
      Buffer.from('"]'),
    ]);
    expect(parseJsonBytes(bytes)).toEqual(['a\ufffd', '\ufffd']);
    expect(parseJsonBytes(bytes)).toEqual(viaText(bytes));
  });

  it.each(['', '{"a":"é"', '<é>'])('is refused if it is not JSON: %s', (text) => {
    expect(() => parseJsonBytes(Buffer.from(text))).toThrow(SyntaxError);
  });
});
