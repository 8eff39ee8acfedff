import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/lib/json/canonical-json.ts';
import { keepRequestId, parseRequestIds } from '../../../src/model/coverage/request-ids.ts';

function kept(ids: readonly (string | undefined)[]): string[] {
  const list: string[] = [];
  for (const id of ids) keepRequestId(list, id);
  return list;
}

describe('the request ids of a listing', () => {
  it('are all kept up to a thousand; if there are more, the first 999 and the last are kept', () => {
    const ids = Array.from({ length: 2500 }, (_, n) => `id-${n}`);
    for (const length of [0, 1, 999, 1000]) expect(kept(ids.slice(0, length))).toEqual(ids.slice(0, length));
    for (const length of [1001, 2500])
      expect(kept(ids.slice(0, length))).toEqual([...ids.slice(0, 999), `id-${length - 1}`]);
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['made of characters that no id has', 'a "quote"'],
    ['longer than an id can be', 'a'.repeat(51)],
  ])('do not include an id that is %s', (_what, id) => {
    expect(kept(['one', id, 'two'])).toEqual(['one', 'two']);
  });

  it('are cut, however long they are, so that an entry of the ledger fits into a bundle of entries', () => {
    const ids = kept(Array.from({ length: 1001 }, () => 'a'.repeat(50)));
    expect(canonicalJson({ request_ids_json: JSON.stringify(ids) }).length).toBeLessThan(60_000);
  });

  it('are read as they were written, and NULL means that there are none', () => {
    expect(parseRequestIds('["one","two"]')).toEqual(['one', 'two']);
    expect(parseRequestIds('[]')).toEqual([]);
    expect(parseRequestIds(null)).toBeUndefined();
  });
});
