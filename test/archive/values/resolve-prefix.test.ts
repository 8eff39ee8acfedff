import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePrefix } from '../../../src/archive/values/resolve-prefix.ts';
import { archiveWith, list } from './seen-archive.ts';

const FIRST = '12345678-aaaa-4bbb-8ccc-123456789abc';
const SECOND = '12345678-bbbb-4bbb-8ccc-123456789abc';
const LISTED = '87654321-cccc-4bbb-8ccc-123456789abc';

const archive = () => {
  const db = archiveWith([
    { CommandId: FIRST, InstanceId: 'i-01234567' },
    { CommandId: FIRST, InstanceId: 'i-0123456789abcdef0' },
    { CommandId: SECOND, InstanceId: 'i-0fedcba9876543210' },
    { CommandId: SECOND, InstanceId: 'mi-0fedcba9876543210' },
  ]);
  list(db, { CommandId: LISTED });
  return db.sqlite;
};

describe('an id by its first letters', () => {
  it('is resolved if only one id begins with them, even if only ListCommands has shown that id', () => {
    const sqlite = archive();
    expect(resolvePrefix(sqlite, 'commandId', '12345678-a')).toEqual({ kind: 'one', value: FIRST });
    expect(resolvePrefix(sqlite, 'commandId', '8765')).toEqual({ kind: 'one', value: LISTED });
    expect(resolvePrefix(sqlite, 'instanceId', 'i-0fe')).toEqual({ kind: 'one', value: 'i-0fedcba9876543210' });
    expect(resolvePrefix(sqlite, 'instanceId', 'mi-0')).toEqual({ kind: 'one', value: 'mi-0fedcba9876543210' });
  });

  it('is not resolved if several ids begin with them, and returns some of these ids as examples', () => {
    const sqlite = archive();
    expect(resolvePrefix(sqlite, 'commandId', '12345678')).toEqual({ kind: 'many', examples: [FIRST, SECOND] });
    const many = archiveWith(Array.from({ length: 30 }, (_, n) => ({ InstanceId: `i-many${n}` })));
    const resolved = resolvePrefix(many.sqlite, 'instanceId', 'i-many');
    expect(resolved.kind === 'many' && resolved.examples.length).toBe(5);
  });

  it('matches only the id that equals the typed letters, if there is one', () => {
    const sqlite = archive();
    expect(resolvePrefix(sqlite, 'instanceId', 'i-01234567')).toEqual({ kind: 'exact', value: 'i-01234567' });
    expect(resolvePrefix(sqlite, 'commandId', FIRST)).toEqual({ kind: 'exact', value: FIRST });
    expect(resolvePrefix(sqlite, 'commandId', LISTED)).toEqual({ kind: 'exact', value: LISTED });
    const short = archiveWith([{ InstanceId: 'i-0123' }, { InstanceId: 'i-01234' }]);
    expect(resolvePrefix(short.sqlite, 'instanceId', 'i-0123')).toEqual({ kind: 'exact', value: 'i-0123' });
  });

  it('does not match a longer id if a complete id was typed', () => {
    const { sqlite } = archiveWith([
      { InstanceId: 'i-0123456789abcdef0', CommandId: `${FIRST}-and-more` },
      { InstanceId: 'mi-0123456789abcdef0-and-more' },
    ]);
    expect(resolvePrefix(sqlite, 'instanceId', 'i-01234567')).toEqual({ kind: 'none' });
    expect(resolvePrefix(sqlite, 'instanceId', 'mi-0123456789abcdef0')).toEqual({ kind: 'none' });
    expect(resolvePrefix(sqlite, 'commandId', FIRST)).toEqual({ kind: 'none' });
    expect(resolvePrefix(sqlite, 'instanceId', 'i-012345678')).toEqual({ kind: 'one', value: 'i-0123456789abcdef0' });
  });

  it('needs at least four letters, and no character is a wildcard', () => {
    const sqlite = archive();
    for (const typed of ['', '1', '123', '1%', '%%%%', '____', '1234*', 'zzzz', '1234\0', '\ud83d\ud83d\ud83d\ud83d'])
      expect(resolvePrefix(sqlite, 'commandId', typed), JSON.stringify(typed)).toEqual({ kind: 'none' });
    expect(resolvePrefix(sqlite, 'instanceId', 'i-0')).toEqual({ kind: 'none' });
  });

  it('may be typed in capitals for a command, unless commands differ only by case', () => {
    const sqlite = archive();
    expect(resolvePrefix(sqlite, 'commandId', FIRST.toUpperCase())).toEqual({ kind: 'one', value: FIRST });
    expect(resolvePrefix(sqlite, 'commandId', '12345678-A')).toEqual({ kind: 'one', value: FIRST });
    expect(resolvePrefix(sqlite, 'instanceId', 'I-0FEDC')).toEqual({ kind: 'none' });
    const both = archiveWith([{ CommandId: FIRST }, { CommandId: FIRST.toUpperCase() }]).sqlite;
    expect(resolvePrefix(both, 'commandId', '12345678-A')).toEqual({
      kind: 'many',
      examples: [FIRST.toUpperCase(), FIRST],
    });
    expect(resolvePrefix(both, 'commandId', FIRST)).toEqual({ kind: 'exact', value: FIRST });
  });

  it('gives the same result as a comparison with every id, whatever its letters', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 8 }), id, (ids, typed) => {
        const { sqlite } = archiveWith(ids.map((InstanceId) => ({ InstanceId })));
        const resolved = resolvePrefix(sqlite, 'instanceId', typed);
        const alike = ids.filter((one) => one.startsWith(typed));
        if (ids.includes(typed)) expect(resolved).toEqual({ kind: 'exact', value: typed });
        else if (alike.length === 0 || typed.length < 4) expect(resolved).toEqual({ kind: 'none' });
        else if (alike.length === 1) expect(resolved).toEqual({ kind: 'one', value: alike[0] });
        else expect(resolved).toEqual({ kind: 'many', examples: alike.sort().slice(0, 5) });
      }),
      { numRuns: 40 },
    );
  });
});
