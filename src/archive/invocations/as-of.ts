import type { Database, Statement } from 'better-sqlite3';
import { wasSkippedSql } from '../../db/sql/skipped-sql.ts';
import { sha256 } from '../../lib/sha256.ts';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import { asMembers } from '../../model/read-member.ts';
import { decodeStates } from '../../model/state-codec.ts';
import { digestOfOutput } from '../shared/outputs-of-state.ts';
import { IS_WITHOUT_OUTPUTS } from '../shared/without-outputs.ts';
import type { InvocationTables } from './invocation-filter.ts';

/** A revision with the key of its invocation. */
interface RevisionRow {
  id: number;
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  firstSeenAt: string;
  observedAt: string;
  batchId: number;
  line: number;
  isWithoutOutputs: 0 | 1;
}

/** Tables of past states. They are in memory and have the same columns as the tables of present states. */
export interface PastTables extends InvocationTables {
  /**
   * Adds all invocations whose state at this ISO time differs from the present state. All other invocations are in the
   * present tables.
   */
  addAsOf(asOf: string): void;
  /** Adds one state of one invocation. */
  addRevision(seq: number): void;
  clear(): void;
}

const REVISION_COLUMNS = `i.id, i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId,
  i.first_seen_at AS firstSeenAt, r.observed_at AS observedAt, r.page_id AS batchId, r.line, ${IS_WITHOUT_OUTPUTS} AS isWithoutOutputs`;

/**
 * Calls `ask` with empty tables in which past states can be rebuilt from revisions. The tables are dropped when `ask`
 * returns.
 */
export function withPastTables<T>(sqlite: Database, ask: (past: PastTables) => T): T {
  sqlite.exec(`CREATE TEMP TABLE past_invocations AS SELECT * FROM invocations WHERE false;
    CREATE TEMP TABLE past_plugins AS SELECT * FROM plugins WHERE false;
    CREATE INDEX temp.past_invocations_id ON past_invocations (id);
    CREATE INDEX temp.past_plugins_invocation_id ON past_plugins (invocation_id)`);
  try {
    const add = createStateAdder(sqlite);
    return ask({
      invocations: 'temp.past_invocations',
      plugins: 'temp.past_plugins',
      addAsOf: (asOf) => add(changedSince(sqlite).all({ asOf })),
      addRevision: (seq) => add(revisionOf(sqlite).all({ seq })),
      clear: () => sqlite.exec('DELETE FROM temp.past_plugins; DELETE FROM temp.past_invocations'),
    });
  } finally {
    sqlite.exec('DROP TABLE temp.past_plugins; DROP TABLE temp.past_invocations');
  }
}

function changedSince(sqlite: Database): Statement<[object], RevisionRow> {
  return sqlite.prepare(
    `SELECT ${REVISION_COLUMNS}
       FROM invocations i INDEXED BY invocations_changed_later
       JOIN revisions r ON r.seq = (
         SELECT max(seq) FROM revisions WHERE invocation_id = i.id AND observed_at <= :asOf
       )
      WHERE i.changed_at > i.first_seen_at AND i.changed_at > :asOf AND i.first_seen_at <= :asOf
      ORDER BY r.page_id`,
  );
}

function revisionOf(sqlite: Database): Statement<[object], RevisionRow> {
  return sqlite.prepare(
    `SELECT ${REVISION_COLUMNS} FROM revisions r JOIN invocations i ON i.id = r.invocation_id WHERE r.seq = :seq`,
  );
}

function createStateAdder(sqlite: Database): (rows: readonly RevisionRow[]) => void {
  const columns = (list: MemberList) => membersOf(list).map(({ column }) => column);
  const names = (list: MemberList) => membersOf(list).map(({ name }) => `:${name}`);
  const insert = sqlite.prepare(
    `INSERT INTO temp.past_invocations (id, account_id, region, command_id, instance_id, first_seen_at, changed_at,
       ${columns(INVOCATION_MEMBERS).join(', ')})
     VALUES (:id, :accountId, :region, :commandId, :instanceId, :firstSeenAt, :observedAt,
       ${names(INVOCATION_MEMBERS).join(', ')})`,
  );
  const insertPlugin = sqlite.prepare(
    `INSERT INTO temp.past_plugins (invocation_id, position, ${columns(STEP_MEMBERS).join(', ')}, is_output_pruned, is_skipped)
     VALUES (:id, :position, ${names(STEP_MEMBERS).join(', ')}, :isOutputPruned,
       ${wasSkippedSql({ status: ':status', responseCode: ':responseCode', outputId: ':output', isOutputPruned: ':isOutputPruned' })})`,
  );
  const findOutput = createOutputFinder(sqlite);
  const readState = createStateReader(sqlite);
  return (rows) => {
    for (const { batchId, line, isWithoutOutputs, ...row } of rows) {
      const outputOf = isWithoutOutputs === 1 ? prunedOutput : findOutput;
      const { plugins, ...columns } = normalizeInvocation(readState(batchId, line), outputOf);
      insert.run({ ...columns, ...row });
      plugins.forEach((plugin, position) => {
        const isOutputPruned = plugin.output === PRUNED;
        const output = isOutputPruned ? null : plugin.output;
        insertPlugin.run({ ...plugin, id: row.id, position, output, isOutputPruned: Number(isOutputPruned) });
      });
    }
  };
}

/** An id that no output has. */
const PRUNED = -1;

/**
 * PRUNED for a state whose output was pruned, even if the archive still has the same text from another state; null if
 * the state never had an output.
 */
function prunedOutput(value: unknown): number | null {
  return digestOfOutput(value) === null ? null : PRUNED;
}

/**
 * Returns a function that reads the state in one line of a state batch. The last batch stays decoded, so that
 * several lines of it are decoded once.
 */
function createStateReader(sqlite: Database): (batchId: number, line: number) => Record<string, unknown> {
  const read = sqlite.prepare<[number], { states: Buffer; bytes: Buffer }>(
    `SELECT p.states, d.bytes FROM revision_pages p JOIN main.state_dictionaries d ON d.id = p.dictionary_id WHERE p.id = ?`,
  );
  let last: { batchId: number; states: string[] } | undefined;
  return (batchId, line) => {
    if (last?.batchId !== batchId) {
      const batch = read.get(batchId);
      if (!batch) throw new Error(`State batch ${batchId} is missing.`);
      last = { batchId, states: decodeStates(batch.states, batch.bytes) };
    }
    const state = last.states[line];
    const members = state === undefined ? undefined : asMembers(JSON.parse(state));
    if (!members) throw new Error(`State batch ${batchId} has no state at line ${line}.`);
    return members;
  };
}

/**
 * Finds the output of a state by its digest. If the state contains the text instead, computes the digest after
 * replacing lone surrogates, as it was done when the output was stored.
 */
function createOutputFinder(sqlite: Database): (value: unknown) => number | null {
  const find = sqlite.prepare<[Buffer], number>('SELECT id FROM outputs WHERE sha256 = ?').pluck();
  return (value) => {
    const digest = asMembers(value)?.sha256;
    if (typeof digest === 'string') return find.get(Buffer.from(digest, 'hex')) ?? null;
    return typeof value === 'string' ? (find.get(sha256(value.toWellFormed())) ?? null) : null;
  };
}
