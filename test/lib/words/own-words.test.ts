import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import en from 'zod/v4/locales/en.js';
import { reportEntry } from '../../../src/config/report-entry.ts';
import { settings } from '../../../src/config/settings.ts';
import { sourceForm } from '../../../src/config/source-form.ts';
import { verifyForm } from '../../../src/config/verify-form.ts';
import { faultsOf } from '../../../src/lib/words/own-words.ts';
import { reportForm } from '../../../src/questions/reports/report-form.ts';

/** How zod's own messages begin. */
const ZODS =
  /^(Invalid |Too big|Too small|Unrecognized|Required)|expected .* received|\bInvalid (input|option|string)\b/;

/** Anything that a person may write in place of a value. */
const wrong = fc.jsonValue({ maxDepth: 3 });
/** Like `anything`, but often with members that have known names, so that inner values are checked too. */
function near(names: readonly string[]) {
  return fc.oneof(wrong, fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 6 })), wrong));
}

const forms: [string, z.ZodType, readonly string[]][] = [
  ...Object.entries(settings).map(([name, form]): [string, z.ZodType, readonly string[]] => [
    name,
    form,
    ['url', 'key'],
  ]),
  ['a source', sourceForm, Object.keys(sourceForm.shape)],
  ['verify', verifyForm, Object.keys(verifyForm.shape)],
  ['a report of archive.yaml', reportEntry, Object.keys(reportEntry.shape)],
  ['a report', reportForm, Object.keys(reportForm.shape)],
];

describe('zod’s own messages never reach a user', () => {
  it('the pattern of this test matches the messages of zod', () => {
    const own = en().localeError;
    for (const form of [
      z.strictObject({ a: z.string() }),
      z.enum(['a']),
      z.int().max(3),
      z.union([z.string(), z.null()]),
    ]) {
      const { error } = form.safeParse({ b: 1 }, { error: own });
      for (const { message } of error?.issues ?? []) expect(message).toMatch(ZODS);
      expect(error).toBeDefined();
    }
  });

  it.each(forms)('the schema of %s has its own message for every wrong value', (_, form, names) => {
    fc.assert(
      fc.property(near(names), (given) => {
        const { error } = form.safeParse(given);
        for (const { message } of error ? faultsOf(error) : []) {
          expect(message).not.toMatch(ZODS);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[z.ZodType, unknown, string]>([
    [z.string(), undefined, 'is needed: text'],
    [z.string(), 1, 'must be text, not 1'],
    [z.int(), 1.5, 'must be a whole number, not 1.5'],
    [z.number(), 'x'.repeat(60), `must be a number, not "${'x'.repeat(40)}…"`],
    [z.boolean(), null, 'must be true or false, not null'],
    [z.array(z.string()), {}, 'must be a list, not a mapping'],
    [z.object({}), [], 'must be a mapping of names to values, not a list'],
    [z.enum(['Failed', 'Success']), 'failed', 'must be Failed or Success, not "failed". Did you mean "Failed"?'],
    [z.enum(['a', 'b', 'c']), undefined, 'is needed: a, b or c'],
    [z.literal('alpha'), 'b', 'must be alpha, not "b"'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().max(2), 'abc', 'must have at most 2 characters'],
    [z.array(z.string()).min(2), ['a'], 'must have at least 2 entries'],
    [z.number().min(2), 1, 'must be at least 2, not 1'],
    [z.number().lt(2), 2, 'must be below 2, not 2'],
    [z.number().multipleOf(2), 3, 'must be a multiple of 2, not 3'],
    [z.string().regex(/a/), 'b', 'does not have the required form: "b"'],
    [z.union([z.string(), z.array(z.string())]), 1, 'must be text or a list, not 1'],
    [z.union([z.string(), z.array(z.string())]), [1], 'is wrong at [0], which must be text, not 1'],
    [z.string().refine(() => false), 'b', 'must not be "b"'],
  ])('each kind of fault has a message of ours: %#', (form, given, sentence) => {
    const { error } = form.safeParse(given);
    expect(error && faultsOf(error).map(({ message }) => message)).toEqual([sentence]);
  });

  it('a fault names each unknown name, and the name that was probably meant', () => {
    const { error } = z.strictObject({ port: z.string(), host: z.string() }).safeParse({ prot: '', hots: '', x: '' });
    expect(error && faultsOf(error).slice(-3)).toEqual([
      {
        path: ['prot'],
        message: 'is not known here. Did you mean "port"?',
        isUnknown: true,
        proposal: ' Did you mean "port"?',
      },
      {
        path: ['hots'],
        message: 'is not known here. Did you mean "host"?',
        isUnknown: true,
        proposal: ' Did you mean "host"?',
      },
      { path: ['x'], message: 'is not known here', isUnknown: true, proposal: '' },
    ]);
  });

  it('a hundred thousand unknown names are reported quickly', () => {
    const names = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`parameter-${n}`, '']));
    const { error } = z.strictObject({ parameter: z.string().optional() }).safeParse(names);
    const startedAt = performance.now();
    expect(error && faultsOf(error, 50).length).toBe(50);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

it('every file that shows zod’s issues uses faultsOf, which loads our messages into zod', () => {
  const root = join(import.meta.dirname, '..', '..', '..', 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const telling = files.filter((file) => /\bissues\b/.test(readFileSync(join(root, file), 'utf8')));
  const others = telling.filter((file) => !readFileSync(join(root, file), 'utf8').includes('own-words.ts'));
  expect(telling.length).toBeGreaterThan(1);
  expect(others).toEqual(['lib/words/own-words.ts']);
});
