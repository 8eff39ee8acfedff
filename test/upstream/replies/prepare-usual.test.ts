import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revisionEntry } from '../../../src/ledger/entries/entries.ts';
import type { Members } from '../../../src/model/read-member.ts';
import { prepareAny } from '../../../src/upstream/replies/prepare-any.ts';
import { prepareUsual } from '../../../src/upstream/replies/prepare-usual.ts';

const FACTS = { accountId: '1', region: 'r', observedAt: 'now', fingerprint: Buffer.alloc(16), line: 0 };
const SEED = Buffer.concat([Buffer.of(2), Buffer.alloc(32, 7)]);

const strange = fc.jsonValue({ stringUnit: 'binary' });

/** Draws mostly the first, and sometimes one of the others. */
function mostly(usual: fc.Arbitrary<unknown>, ...others: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  const rare = [...others, strange].map((arbitrary) => ({ weight: 1, arbitrary }));
  return fc.oneof({ weight: 150, arbitrary: usual }, ...rare);
}

const plain = fc.string().map((drawn) => drawn.replaceAll(/["\\]/g, '🚀'));
const odd = fc.constantFrom(
  '"',
  '\\',
  '\n',
  '\u2028',
  '\ud83d',
  '\ude80',
  '","Comment":"',
  '{"sha256":"ab"}',
  '\0',
  '\x7f',
);
const text = mostly(fc.oneof(fc.constant(''), plain), odd, fc.string({ unit: 'binary' }));
const moment = fc.constantFrom(-0, 0, -62135596800, 1773565460.926, 253402300800, 1e20);
const endless = Number.POSITIVE_INFINITY;
const time = mostly(
  fc.oneof(moment, fc.double({ min: -1e11, max: 1e12, noNaN: true })),
  fc.constantFrom(1e21, 1e300, endless, '2026-01-01T00:00:00Z'),
);
const integer = mostly(fc.oneof(fc.integer(), fc.constant(-0)), fc.constantFrom(2 ** 53, 0.5, endless));

function object(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Members> {
  const drawn = fc.record(Object.fromEntries(Object.entries(members).map(([name, value]) => [name, mostly(value)])), {
    requiredKeys: [],
  });
  const names = fc.constantFrom('New', '__proto__', 'constructor', 'toString', 'Output', 'Comment', '', '0');
  const added = fc.array(fc.tuple(fc.oneof(names, plain), strange), { maxLength: 1 });
  return fc
    .tuple(drawn, fc.oneof({ weight: 60, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: added }))
    .map(([usual, more]) => Object.fromEntries([...Object.entries(usual), ...more]));
}

const urls = { StandardOutputUrl: text, StandardErrorUrl: text };
const step = object({
  ...{ Name: text, Status: text, StatusDetails: text, ResponseCode: integer, ...urls },
  ...{ ResponseStartDateTime: time, ResponseFinishDateTime: time, Output: text },
  ...{ OutputS3Region: text, OutputS3BucketName: text, OutputS3KeyPrefix: text },
});
const invocation = object({
  ...{
    CommandId: text,
    InstanceId: text,
    InstanceName: text,
    Comment: text,
    DocumentName: text,
    DocumentVersion: text,
  },
  ...{ RequestedDateTime: time, Status: text, StatusDetails: text, TraceOutput: text, ServiceRole: text, ...urls },
  CommandPlugins: fc.array(mostly(step), { maxLength: 3 }),
  NotificationConfig: object({
    NotificationArn: text,
    NotificationEvents: fc.array(mostly(text)),
    NotificationType: text,
  }),
  CloudWatchOutputConfig: object({ CloudWatchLogGroupName: text, CloudWatchOutputEnabled: fc.boolean() }),
});

/** Compares both ways, and returns whether the element has the usual form. */
function compare(members: Members): boolean {
  const usual = prepareUsual(members);
  if (!usual) return false;
  const { stateParts = [], ...columns } = usual;
  expect(columns).toStrictEqual(prepareAny(members));
  expect(stateParts.join('')).toBe(columns.stateJson);
  const batch = { digest: Buffer.alloc(32), salt: SEED };
  expect(revisionEntry(FACTS, batch, stateParts)).toBe(revisionEntry(FACTS, batch, columns.stateJson));
  const unsalted = { ...batch, salt: null };
  expect(revisionEntry(FACTS, unsalted, stateParts)).toBe(revisionEntry(FACTS, unsalted, columns.stateJson));
  return true;
}

describe('an invocation of the usual form', () => {
  it('has, for any JSON, the columns, the state and the entry that the way for every form makes', () => {
    let usual = 0;
    fc.assert(
      fc.property(invocation, (members) => {
        if (compare(members)) usual += 1;
      }),
      { numRuns: 3000 },
    );
    // The generator draws both forms.
    expect(usual).toBeGreaterThan(100);
    expect(usual).toBeLessThan(2900);
  });

  it('may have characters of two units, no steps and no members at all', () => {
    expect(compare({ CommandId: 'c', InstanceId: 'i', Comment: 'Überprüfung 🚀' })).toBe(true);
    expect(compare({ CommandPlugins: [], NotificationConfig: {}, CloudWatchOutputConfig: {} })).toBe(true);
    expect(compare({})).toBe(true);
  });

  it.each<[string, Members]>([
    ['has no member that the list does not know', { CommandId: 'c', New: 1 }],
    ['has no member __proto__', JSON.parse('{"CommandId":"c","__proto__":{"Comment":"x"}}')],
    ['has no null', { Comment: null }],
    ['has no text that JSON escapes', { Comment: '"' }],
    [
      'has no text that ends with half of a character, even if the next begins with the other',
      { CommandId: '\ud83d', Comment: '\ude80' },
    ],
    ['has no number that JSON can not write', { RequestedDateTime: Number.POSITIVE_INFINITY }],
    ['has no list of other values than texts', { NotificationConfig: { NotificationEvents: [{ Comment: 'x' }] } }],
    ['has no output with half of a character', { CommandPlugins: [{ Output: '\ud83d' }] }],
    ['has no output that is an object', { CommandPlugins: [{ Output: { sha256: 'a'.repeat(64) } }] }],
    ['has no step that is a list', { CommandPlugins: [[]] }],
  ])('%s', (_, members) => {
    expect(prepareUsual(members)).toBeUndefined();
  });
});
