import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { recordPass, sentences, verifyInProcess } from '../verify/attacked-archive.ts';
import { invocationsOf } from '../verify/odd-fleet.ts';

const LATER = new Date('2027-01-01T00:00:00.000Z');
const COMMANDS = Array.from({ length: 7 }, (_, n) => `command-${n}`);

const selection = fc.oneof(
  fc.record({ commandId: fc.constantFrom(...COMMANDS) }),
  fc.record({ account: fc.constantFrom('012345678901', '998877665544'), status: fc.constant(['Success']) }),
  fc.record({ requestedBefore: fc.constantFrom('2026-03-01T20:00:00.000Z', '2026-03-02T12:00:00.000Z') }),
  fc.record({ instanceId: fc.nat(25).map((n) => `i-${String(n).padStart(17, '0')}`) }),
);
const step = fc.oneof(
  fc.record({ step: fc.constant('pass' as const), invocations: fc.integer({ min: 1, max: 26 }) }),
  fc.record({
    step: fc.constant('prune' as const),
    kind: fc.constantFrom('invocations' as const, 'outputs' as const),
    selection,
  }),
  fc.record({ step: fc.constant('hold' as const), commandId: fc.constantFrom(...COMMANDS) }),
  fc.record({ step: fc.constant('index' as const) }),
);

/** All that plugin_runs shows of each invocation, by key. */
function shown(sqlite: Database): Map<string, string> {
  const rows = sqlite
    .prepare<[], { key: string; row: string }>(
      `SELECT account_id || ' ' || command_id || ' ' || instance_id AS key, json_array(invocation_status, comment, plugin_name, output, is_output_pruned) AS row
         FROM plugin_runs ORDER BY invocation_id, position`,
    )
    .all();
  const found = new Map<string, string>();
  for (const { key, row } of rows) found.set(key, (found.get(key) ?? '') + row);
  return found;
}

it('an archive is intact and keeps everything that was not pruned, in whatever order it collects, holds and prunes', async () => {
  let pruned = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      const db = tempArchive();
      const { sqlite } = db;
      bringIntoLedger(sqlite);
      let hour = 0;
      for (const one of [{ step: 'pass', invocations: 26 } as const, ...steps]) {
        if (one.step === 'pass') {
          recordPass(db, hour, invocationsOf(one.invocations, hour));
          hour += 1;
        } else if (one.step === 'index') await indexOutputs(db.sqlite);
        else if (one.step === 'hold')
          placeHold(sqlite, {
            commandId: one.commandId,
            reason: 'r',
            placedBy: 'p',
            placedAt: '2026-03-01T00:00:00.000Z',
          });
        else {
          const before = shown(sqlite);
          const selected = new Set(
            sqlite
              .prepare<object, string>(
                `SELECT account_id || ' ' || command_id || ' ' || instance_id FROM invocations i
                  WHERE coalesce(command_id = :commandId, true) AND coalesce(account_id = :account, true)
                    AND coalesce(instance_id = :instanceId, true) AND coalesce(requested_at < :requestedBefore, true) AND status = 'Success'
                    AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.command_id = i.command_id)`,
              )
              .pluck()
              .all({
                commandId: null,
                account: null,
                instanceId: null,
                requestedBefore: null,
                ...one.selection,
                status: null,
              }),
          );
          const deps = { sqlite, now: () => LATER, renew: () => {} };
          const done = await prune(deps, { kind: one.kind, selection: one.selection, by: 'me', reason: 'r' });
          pruned += done.invocations;
          const after = shown(sqlite);
          for (const [key, rows] of before) if (!selected.has(key)) expect(after.get(key)).toBe(rows);
          for (const key of selected) {
            if (one.kind === 'invocations') expect(after.has(key)).toBe(false);
            else expect(after.get(key) ?? '').not.toContain('done');
          }
          sqlite.pragma('foreign_keys = ON');
        }
        expect(sentences(verifyInProcess(sqlite))).toBe('');
      }
      expect(sqlite.pragma('foreign_key_check')).toEqual([]);
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    }),
    { numRuns: 40 },
  );
  expect(pruned).toBeGreaterThan(100);
}, 120_000);
