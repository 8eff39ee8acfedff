import type { Database } from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { findNeverSeen, findUnseen } from '../../../src/archive/values/find-never-seen.ts';
import { valuesAround, walkOf } from '../../../src/archive/values/index-walk.ts';
import { resolvePrefix } from '../../../src/archive/values/resolve-prefix.ts';
import { statusValues } from '../../../src/archive/values/status-values.ts';
import { archiveWith, asIfLarge, list, NOTHING, pruneOf } from './seen-archive.ts';

const OTHERS = {
  ...{ account: '111111111111', region: 'eu-west-9', commandId: 'c-9', instanceId: 'i-9', documentName: 'Other' },
  ...{ instanceName: 'other', pluginName: 'other', comment: 'other' },
};
const NAMES = ['instanceName', 'pluginName', 'comment'];

describe('in an archive that is too large to read through', () => {
  it('a value is only called never seen if its filter has an index', () => {
    const db = archiveWith([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]);
    expect(findNeverSeen(db.sqlite, OTHERS, NOTHING)).toHaveLength(8);
    asIfLarge(db, 'invocations', 'plugins');
    const unseen = findUnseen(db.sqlite, OTHERS, NOTHING);
    expect(unseen.filter(({ certainty }) => certainty === 'notKnown').map(({ filter }) => filter)).toEqual(NAMES);
    expect(findNeverSeen(db.sqlite, OTHERS, NOTHING).map(({ filter }) => filter)).toEqual(
      Object.keys(OTHERS).filter((filter) => !NAMES.includes(filter)),
    );
    expect(findUnseen(db.sqlite, { instanceName: 'WEB' }, NOTHING)).toEqual([
      { filter: 'instanceName', value: 'WEB', near: ['web-1'], certainty: 'notKnown' },
    ]);
  });

  it('a node and a document are not called never seen if too many commands may name them', () => {
    const db = archiveWith([{ CommandId: 'c-1' }, { CommandId: 'c-2' }]);
    asIfLarge(db, 'commands');
    expect(findNeverSeen(db.sqlite, OTHERS, NOTHING).map(({ filter }) => filter)).toEqual([
      ...['account', 'region', 'commandId', 'instanceName', 'pluginName'],
    ]);
  });

  it('values of a command are still known if the ledger is too long to read through', () => {
    const db = archiveWith([]);
    list(db, { CommandId: 'c-1', DocumentName: 'Listed', Comment: 'listed', InstanceIds: ['i-listed'] });
    db.sqlite.exec(`WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more LIMIT 50001)
      INSERT INTO ledger_entries (seq, kind, entry_json) SELECT 1000000 + n, 'row', '{}' FROM more`);
    const values = { documentName: 'Listed', comment: 'listed', instanceId: 'i-listed' };
    expect(findUnseen(db.sqlite, values, NOTHING)).toEqual([]);
    const others = { documentName: 'Listen', comment: 'listen', instanceId: 'i-listen' };
    expect(findNeverSeen(db.sqlite, others, NOTHING)).toHaveLength(3);
  });

  it('every row of a large table is read through an index, or within a limit', () => {
    const db = archiveWith([{ CommandId: 'c-1' }, { CommandId: 'c-2' }]);
    asIfLarge(db, 'invocations', 'plugins', 'commands');
    const asked = vi.spyOn(db.sqlite, 'prepare');
    findUnseen(db.sqlite, OTHERS, NOTHING);
    statusValues(db.sqlite);
    resolvePrefix(db.sqlite, 'commandId', 'c-99');
    resolvePrefix(db.sqlite, 'instanceId', 'i-99');
    const questions = asked.mock.calls.map(([sql]) => sql);
    asked.mockRestore();
    expect(questions.length).toBeGreaterThan(30);
    for (const sql of questions) {
      for (const line of planOf(db.sqlite, sql)) {
        if (!/^SCAN (main\.)?(invocations|plugins|commands|revisions)\b/.test(line)) continue;
        expect(/LIMIT \d{4,5}\b/.test(sql), `${line} of ${sql}`).toBe(true);
      }
    }
  });

  it('similar ids are found if they share a beginning with the requested id, however many ids there are', () => {
    const ids = Array.from(
      { length: 2400 },
      (_, n) => `i-${((n * 2654435761) % 2 ** 32).toString(16).padStart(8, '0')}`,
    );
    const { sqlite } = archiveWith(ids.map((InstanceId) => ({ InstanceId })));
    const last = [...ids].sort().at(-1) ?? '';
    const typed = `${last.slice(0, -1)}x`.toUpperCase();
    const around = valuesAround(walkOf(sqlite, 'instanceId'), typed);
    expect(around.size).toBeLessThan(2400);
    expect(around).toContain(last);
    expect(findNeverSeen(sqlite, { instanceId: typed }, NOTHING)).toEqual([
      { filter: 'instanceId', value: typed, near: expect.arrayContaining([last]) },
    ]);
  });

  it('a value counts as possibly pruned if there are too many tombstones to read', async () => {
    const db = archiveWith([{ DocumentName: 'A' }, { InstanceId: 'i-2', DocumentName: 'B' }]);
    await pruneOf(db, { documentName: 'A' });
    expect(findNeverSeen(db.sqlite, { documentName: 'C' }, NOTHING)).toHaveLength(1);
    const copy = db.sqlite.prepare(
      `INSERT INTO ledger_entries (seq, kind, entry_json) SELECT seq + :n, kind, entry_json FROM ledger_entries WHERE kind = 'pruned' ORDER BY seq LIMIT 1`,
    );
    const leaf = db.sqlite.prepare(
      `INSERT INTO pruned_leaves (what, from_seq, to_seq, tombstone_seq) SELECT 'entries', 1000000 + :n, 1000000 + :n, min(seq) + :n
         FROM ledger_entries WHERE kind = 'pruned'`,
    );
    db.sqlite.transaction(() => {
      for (let n = 1000; n < 1500; n++) for (const statement of [copy, leaf]) statement.run({ n });
    })();
    const values = { documentName: 'C', account: '111111111111' };
    expect(findNeverSeen(db.sqlite, values, NOTHING).map(({ filter }) => filter)).toEqual(['account']);
    expect(findUnseen(db.sqlite, { documentName: 'C' }, NOTHING)[0]?.certainty).toBe('mayBePruned');
  });
});

function planOf(sqlite: Database, sql: string): string[] {
  const names = [...new Set(sql.match(/:\w+/g))].map((name) => [name.slice(1), '']);
  const places = [...sql.matchAll(/\?/g)].map(() => '');
  return sqlite
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...(names.length > 0 ? [Object.fromEntries(names)] : places))
    .map(({ detail }) => detail);
}
