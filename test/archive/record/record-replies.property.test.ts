import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rebuild, revisionsOf } from '../raw-invocation.ts';

const words = fc.constantFrom('', 'a', 'InProgress', 'Success', '🎉', 'nul\u0000nul', '\n');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const step = fc.record(
  { Name: words, Status: words, ResponseCode: fc.integer({ min: -1, max: 3 }), Output: words, New: fc.jsonValue() },
  { requiredKeys: [] },
);
const state = fc.record(
  {
    Status: words,
    StatusDetails: words,
    Comment: fc.string({ unit: 'binary', maxLength: 3 }),
    RequestedDateTime: fc.integer({ min: 0, max: 2_000_000_000 }),
    CommandPlugins: fc.array(step, { maxLength: 3 }),
    New: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const isReversed = fc.boolean();
// A reply has some of three nodes. There are few values, so states often repeat; undefined means "as before".
const sequences = fc.array(
  fc.dictionary(fc.constantFrom('i-1', 'i-2', 'i-3'), fc.tuple(optional(state), isReversed), { maxKeys: 3 }),
  { maxLength: 8 },
);

/** The members in reverse order: the same state, with another fingerprint. */
function reversedMembers(members: Members): Members {
  return Object.fromEntries(Object.entries(members).reverse());
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

it('after any sequence of replies the tables equal the last states, and there is a revision for each change of state', () => {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  const check = openArchive(db.sqlite.name);
  onTestFinished(() => check.close());
  let account = 0;
  fc.assert(
    fc.property(sequences, (sequence) => {
      // Each run has an account of its own in one file, so that rows of earlier runs do not show.
      account += 1;
      const source = { accountId: String(account).padStart(12, '0'), region: 'eu-west-1' };
      const history = new Map<string, unknown[]>();
      for (const shown of sequence) {
        let added = 0;
        let changed = 0;
        const raws = Object.entries(shown).map(([InstanceId, [members, reversed]]) => {
          const states = history.get(InstanceId) ?? [];
          const raw = members === undefined ? states.at(-1) : { CommandId: String(account), InstanceId, ...members };
          const sent = plain(raw ?? { CommandId: String(account), InstanceId });
          if (states.length === 0) added += 1;
          else if (!isDeepStrictEqual(states.at(-1), sent)) changed += 1;
          if (!isDeepStrictEqual(states.at(-1), sent)) history.set(InstanceId, [...states, sent]);
          return reversed ? reversedMembers(Object(sent)) : sent;
        });
        expect(record({ ...page(raws), source })).toMatchObject({ seen: raws.length, added, changed });
      }
      const rows = rowsOf(check, 'invocations').filter(({ account_id }) => account_id === source.accountId);
      expect(rows).toHaveLength(history.size);
      for (const row of rows) {
        const states = history.get(String(row.instance_id)) ?? [];
        const revisions = revisionsOf(check, String(row.instance_id)).filter((r) => r.invocation_id === row.id);
        expect(revisions.map((revision) => rebuild(check, revision))).toEqual(states);
        const last: Members = Object(states.at(-1));
        expect([row.status, row.status_details, row.comment]).toEqual(
          [last.Status, last.StatusDetails, last.Comment].map((member) => member ?? null),
        );
        const steps: Members[] = Array.isArray(last.CommandPlugins) ? last.CommandPlugins : [];
        const recorded = check.sqlite
          .prepare(
            'SELECT plugin_name, status, response_code, output FROM plugin_runs WHERE invocation_id = ? ORDER BY position',
          )
          .raw()
          .all(row.id);
        expect(recorded).toEqual(
          steps.map(({ Name, Status, ResponseCode, Output }) =>
            [Name, Status, ResponseCode, Output].map((member) => member ?? null),
          ),
        );
      }
    }),
    { numRuns: 100 },
  );
});
