import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleJson, visibleText } from '../../../src/lib/text/visible-text.ts';

describe('text that a stranger wrote', () => {
  it.each([
    ['plain', 'plain'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\x1b[31m\x07\0', '\\x1b[31m\\x07\\x00'],
    ['\x9b2J\x7f', '\\x9b2J\\x7f'],
    ['\u202eabc\u2066\u200f', '\\u202eabc\\u2066\\u200f'],
    ['\u2028\ufeff\u200b', '\\u2028\\ufeff\\u200b'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['Grüße 日本語 👩‍👩‍👧 می‌خواهم', 'Grüße 日本語 👩‍👩‍👧 می‌خواهم'],
  ])('%j is shown as %j', (text, seen) => {
    expect(visibleText(text)).toBe(seen);
  });

  it('has no characters that control a terminal when it is shown, for any text', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(fc.property(text, (raw) => !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(visibleText(raw))));
  });

  it('stays equivalent JSON when its invisible characters become escapes', () => {
    expect(visibleJson('{"a":"\u202e\u{e0041}\x7f"}\n')).toBe('{"a":"\\u202e\\udb40\\udc41\\u007f"}\n');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => JSON.parse(visibleJson(JSON.stringify(raw))) === raw),
    );
  });
});
