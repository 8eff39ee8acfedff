import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/lib/json/canonical-json.ts';
import { currentDictionary, decodeStates, encodeStates } from '../../src/model/state-codec.ts';
import { rawInvocation } from '../archive/raw-invocation.ts';

describe('a state batch', () => {
  it('unpacks to the same bytes, for any JSON', () => {
    const dictionary = currentDictionary();
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ stringUnit: 'binary' }), { minLength: 1 }), (values) => {
        const jsons = values.map(canonicalJson);
        expect(decodeStates(encodeStates(jsons, dictionary), dictionary)).toEqual(jsons);
      }),
    );
  });

  it('can be read with zlib alone: raw DEFLATE with a preset dictionary', () => {
    const dictionary = currentDictionary();
    const json = canonicalJson(rawInvocation());
    expect(inflateRawSync(encodeStates([json], dictionary), { dictionary }).toString('utf8')).toBe(json);
  });

  it('takes at most a quarter of its JSON even for one state of a usual size', () => {
    const json = canonicalJson(rawInvocation());
    expect(encodeStates([json], currentDictionary()).length).toBeLessThan(json.length / 4);
  });

  it('is refused if its bytes were changed', () => {
    expect(() => decodeStates(Buffer.from('not deflated'), currentDictionary())).toThrow();
  });
});
