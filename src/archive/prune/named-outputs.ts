import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { outputsOfState } from '../shared/outputs-of-state.ts';
import { IS_WITHOUT_OUTPUTS } from '../shared/without-outputs.ts';
import type { DoomedInvocation } from './doomed.ts';

/** SQL: the values of an array that is given as JSON. */
export const OF_JSON = '(SELECT value FROM json_each(?))';

/** What an invocation that goes names: its states, and the `seq`s of its fetched outputs. */
export interface NamingInvocation {
  revisions: readonly Pick<DoomedInvocation['revisions'][number], 'batchId' | 'line' | 'isLast' | 'isWithoutOutputs'>[];
  fullOutputs: readonly number[];
}

/** Finds out which of the outputs of invocations that go are still named by something else. */
export interface NamedOutputs {
  /**
   * Reads the states that became earlier states since the last call, because another process recorded a change. Call it
   * in the transaction that removes outputs, before anything is removed.
   */
  catchUp(): void;
  /** The outputs, by SHA-256 in hex, that these invocations name and that were not pruned before. */
  forget(doomed: readonly NamingInvocation[]): Set<string>;
  /**
   * Removes those of these outputs that nothing names any more, including their entries in the search index, and returns
   * how many. They are given by SHA-256 in hex, and by their numbers. Call it in the same transaction.
   */
  dropUnnamed(digests: ReadonlySet<string>, ids?: readonly number[]): number;
}

/**
 * Present states name their outputs in rows of `plugins`, and fetched outputs in rows of `full_outputs`. Earlier states
 * name their outputs only in their JSON, so all earlier states that have steps are read here once.
 */
export function createNamedOutputs(sqlite: Database): NamedOutputs {
  const readBatch = createBatchReader(sqlite);
  const outputsOf = ({ batchId, line }: { batchId: number; line: number }) =>
    outputsOfState(readBatch(batchId).states[line] ?? 'null');
  const earlier = new Map<string, number>();
  const count = (digest: string, change: number) => {
    const sum = (earlier.get(digest) ?? 0) + change;
    if (sum > 0) earlier.set(digest, sum);
    else earlier.delete(digest);
  };
  let lastSeq = 0;
  const countFrom = (states: Iterable<{ batchId: number; line: number }>) => {
    for (const state of states) for (const digest of new Set(outputsOf(state))) count(digest, 1);
  };
  const newestSeq = sqlite.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM main.revisions').pluck();
  sqlite.transaction(() => {
    lastSeq = newestSeq.get() ?? 0;
    countFrom(earlierStates(sqlite).iterate());
  })();

  const fetched = prepareOnce<[number], string>(
    sqlite,
    'SELECT lower(hex(o.sha256)) FROM main.full_outputs f JOIN main.outputs o ON o.id = f.output_id WHERE f.seq = ?',
  ).pluck();
  return {
    catchUp() {
      countFrom(statesMadeEarlier(sqlite).all({ lastSeq }));
      lastSeq = newestSeq.get() ?? 0;
    },
    forget(doomed) {
      const named = new Set<string>();
      for (const { revisions, fullOutputs } of doomed) {
        for (const seq of fullOutputs) for (const digest of fetched.all(seq)) named.add(digest);
        for (const revision of revisions) {
          if (revision.isWithoutOutputs) continue;
          for (const digest of new Set(outputsOf(revision))) {
            named.add(digest);
            if (!revision.isLast) count(digest, -1);
          }
        }
      }
      return named;
    },
    dropUnnamed(digests, ids = []) {
      const found = unnamedOutputs(sqlite, digests, ids);
      const unnamed = earlier.size === 0 ? found : found.filter(({ digest }) => !earlier.has(digest));
      dropOutputs(sqlite, unnamed);
      return unnamed.length;
    },
  };
}

/**
 * Keeps what is named for a run, since reading all earlier states takes long. After `resetNamed` they are read again:
 * rows that came back into the file name outputs which nobody has counted, and what was pruned names none any more.
 */
export function keepNamedOutputs(sqlite: Database): { named(): NamedOutputs; resetNamed(): void } {
  let kept: NamedOutputs | undefined;
  return {
    named() {
      kept ??= createNamedOutputs(sqlite);
      return kept;
    },
    resetNamed() {
      kept = undefined;
    },
  };
}

interface UnnamedOutput {
  id: number;
  digest: string;
  isSearchable: 0 | 1;
}

/** Those of these outputs that no row of `plugins` and `full_outputs` names, in the order of their numbers. */
function unnamedOutputs(sqlite: Database, digests: ReadonlySet<string>, ids: readonly number[]): UnnamedOutput[] {
  return prepareOnce<[string, string], UnnamedOutput>(
    sqlite,
    `SELECT o.id, lower(hex(o.sha256)) AS digest,
            EXISTS (SELECT 1 FROM main.outputs_fts_docsize d WHERE d.id = o.id) AS isSearchable
       FROM (SELECT value AS id FROM json_each(?) UNION
             SELECT x.id FROM json_each(?) j CROSS JOIN main.outputs x ON x.sha256 = unhex(j.value)) n
       CROSS JOIN main.outputs o ON o.id = n.id
      WHERE NOT EXISTS (SELECT 1 FROM main.plugins p WHERE p.output_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM main.full_outputs f WHERE f.output_id = o.id) ORDER BY o.id`,
  ).all(JSON.stringify(ids), JSON.stringify([...digests]));
}

/** The search index writes what it holds to the file whenever a number is not higher than the one before. */
function dropOutputs(sqlite: Database, outputs: readonly UnnamedOutput[]): void {
  const searchable = outputs.filter(({ isSearchable }) => isSearchable === 1);
  prepareOnce(
    sqlite,
    `INSERT INTO outputs_fts (outputs_fts, rowid, text) SELECT 'delete', s.id, s.text
       FROM json_each(?) j CROSS JOIN main.searched_outputs s ON s.id = j.value ORDER BY s.id`,
  ).run(JSON.stringify(searchable.map(({ id }) => id)));
  const ids = JSON.stringify(outputs.map(({ id }) => id));
  prepareOnce(sqlite, `DELETE FROM decoded_outputs WHERE output_id IN ${OF_JSON}`).run(ids);
  prepareOnce(sqlite, `DELETE FROM outputs WHERE id IN ${OF_JSON}`).run(ids);
}

interface EarlierState {
  batchId: number;
  line: number;
}

function earlierStates(sqlite: Database) {
  return sqlite.prepare<[], EarlierState>(
    `SELECT r.page_id AS batchId, r.line FROM main.revisions r
      WHERE r.plugin_count > 0 AND NOT ${IS_WITHOUT_OUTPUTS}
        AND EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)
      ORDER BY r.seq`,
  );
}

/**
 * The states to which a later one was added after `lastSeq`. An invocation that came back from the lake for that brought
 * its earlier states with it, so all of them are read. One that was counted before is then counted twice, and its
 * outputs stay: none is lost. NOT INDEXED: for DISTINCT, SQLite would scan a whole index instead of searching by seq.
 */
function statesMadeEarlier(sqlite: Database) {
  return prepareOnce<[object], EarlierState>(
    sqlite,
    `SELECT r.page_id AS batchId, r.line FROM
       (SELECT DISTINCT n.invocation_id AS id, (SELECT max(b.seq) FROM main.revisions b
          WHERE b.invocation_id = n.invocation_id AND b.seq <= :lastSeq) AS before FROM main.revisions n NOT INDEXED WHERE n.seq > :lastSeq) c
       CROSS JOIN main.revisions r ON r.invocation_id = c.id
      WHERE r.plugin_count > 0 AND NOT ${IS_WITHOUT_OUTPUTS}
        AND r.seq < (SELECT max(n.seq) FROM main.revisions n WHERE n.invocation_id = c.id)
        AND (r.seq >= c.before OR EXISTS (SELECT 1 FROM main.invocations i
          JOIN main.sealed_days s ON s.day = substr(i.requested_at, 1, 10) WHERE i.id = c.id)
          OR EXISTS (SELECT 1 FROM main.day_moves m WHERE m.invocation_id = c.id))
      ORDER BY r.seq`,
  );
}
