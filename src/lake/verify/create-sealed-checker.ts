import type { Database } from 'better-sqlite3';
import { compareInvocation, type PresentRow } from '../../archive/verify/compare-invocation.ts';
import { sha256, sha256Of } from '../../lib/sha256.ts';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import { bytesOfText } from '../../model/outputs/output-encoding.ts';
import { isSkipMessage } from '../../model/skipped-steps.ts';
import { createLeafChecker, type RowChecker } from '../stage/create-leaf-checker.ts';
import type { LakeRow } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import type { OpenTable } from './open-table.ts';
import type { WholeInvocation } from './walk-invocations.ts';

/** The tables of a day by name. */
export type DayTables = Readonly<
  Record<'invocations' | 'plugins' | 'revisions' | 'full_outputs' | 'earlier_outputs', OpenTable>
>;

const MEMBERS = membersOf(INVOCATION_MEMBERS);
const OF_STEPS = membersOf(STEP_MEMBERS);

/**
 * Returns a function that checks an invocation of the lake: the leaf of each state and of each fetched output, the last
 * state with the rows of the invocation and its steps, and each text of an output with its digest. Returns the seqs of
 * its leaves.
 */
export function createSealedChecker(
  sqlite: Database,
  tables: DayTables,
): (whole: WholeInvocation, fault: (what: string) => void) => number[] {
  const leafOf = (name: string): RowChecker | undefined => {
    const table = LAKE_TABLES.find((one) => one.name === name);
    const open = Object.values(tables).find((one) => one.name === name);
    return table && open && createLeafChecker(sqlite, table, open.columns);
  };
  const faultOfState = leafOf('revisions');
  const faultOfOutput = leafOf('full_outputs');
  const isWithoutOutputs = createPrunedOutputs(sqlite);
  const { invocations, plugins, revisions, full_outputs: fullOutputs, earlier_outputs: earlierOutputs } = tables;

  return ({ row, parts }, fault) => {
    const partsOf = (name: string) => parts.get(name) ?? [];
    const states = partsOf('revisions');
    const steps = partsOf('plugins').map((step) => stepOf(plugins, step));
    const present = presentOf(invocations, row);
    const printed = new Set(steps.flatMap(({ output }) => (typeof output === 'string' ? [output] : [])));
    for (const earlier of partsOf('earlier_outputs')) {
      const digest = digestOf(earlierOutputs.value(earlier, 'output'));
      if (digest === null || digest !== earlierOutputs.value(earlier, 'sha256'))
        fault('an earlier output does not have its SHA-256');
      else printed.add(digest);
    }
    const named = new Set<string>();
    const seqs: number[] = [];
    if (states.length === 0) fault('it has no state');
    states.forEach((state, n) => {
      const value = (column: string) => revisions.value(state, column);
      const seq = Number(value('seq'));
      seqs.push(seq);
      const ofState = (what: string) => fault(`revision ${seq}: ${what}`);
      const wrong = faultOfState?.(state);
      if (wrong !== undefined) ofState(wrong);
      const fingerprint = value('fingerprint');
      compareInvocation(
        {
          ...{ commandId: String(value('command_id')), instanceId: String(value('instance_id')) },
          ...{ observedAt: String(value('observed_at')), status: textOf(value('status')) },
          ...{ statusDetails: textOf(value('status_details')), pluginCount: Number(value('plugin_count')) },
          fingerprint: typeof fingerprint === 'string' ? Buffer.from(fingerprint, 'hex') : null,
          ...{ isFirst: n === 0 ? 1 : 0, isLast: n === states.length - 1 ? 1 : 0 },
          isWithoutOutputs: isWithoutOutputs(seq),
        },
        String(value('state_json')),
        { invocation: () => present, steps: () => steps },
        { outputs: named, fault: ofState },
      );
    });
    for (const digest of named) if (!printed.has(digest)) fault(`the lake lacks its output with SHA-256 ${digest}`);
    for (const output of partsOf('full_outputs')) {
      const seq = Number(fullOutputs.value(output, 'seq'));
      seqs.push(seq);
      const wrong = faultOfOutput?.(output) ?? faultOfText(fullOutputs, output);
      if (wrong !== undefined) fault(`full output ${seq}: ${wrong}`);
    }
    return seqs;
  };
}

function presentOf(table: OpenTable, row: LakeRow): PresentRow {
  const fingerprint = table.value(row, 'fingerprint');
  return {
    ...Object.fromEntries(MEMBERS.map(({ name, column }) => [name, table.value(row, column)])),
    ...{ firstSeenAt: table.value(row, 'first_seen_at'), changedAt: table.value(row, 'changed_at') },
    fingerprint: typeof fingerprint === 'string' ? Buffer.from(fingerprint, 'hex') : null,
  };
}

function stepOf(table: OpenTable, row: LakeRow): PresentRow {
  const value = (column: string) => table.value(row, column);
  const text = value('output');
  return {
    ...Object.fromEntries(
      OF_STEPS.map(({ name, column, kind }) => [name, kind === 'output' ? digestOf(text) : value(column)]),
    ),
    ...{ position: value('position'), isOutputPruned: value('is_output_pruned'), isSkipped: value('is_skipped') },
    isSkipMessage: Number(typeof text === 'string' && isSkipMessage(text)),
  };
}

/** A fetched output whose text was pruned has none. */
function faultOfText(table: OpenTable, row: LakeRow): string | undefined {
  const text = table.value(row, 'output');
  if (typeof text !== 'string') return undefined;
  const bytes = bytesOfText(text, String(table.value(row, 'encoding')));
  const isSame = bytes && sha256Of(bytes).toString('hex') === table.value(row, 'sha256');
  return isSame ? undefined : 'its text is not the one that was fetched';
}

function createPrunedOutputs(sqlite: Database): (seq: number) => boolean {
  const ranges = sqlite
    .prepare<[], [from: number, to: number]>(
      "SELECT from_seq, to_seq FROM main.pruned_leaves WHERE what = 'outputs' ORDER BY from_seq",
    )
    .raw()
    .all();
  return (seq) => ranges.some(([from, to]) => seq >= from && seq <= to);
}

/** Most nodes of a fleet print the same, and a text that comes again need not be hashed again. */
const KNOWN_TEXTS = 1000;
const known = new Map<string, string>();

function digestOf(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const before = known.get(text);
  if (before !== undefined) return before;
  const digest = sha256(text).toString('hex');
  if (known.size >= KNOWN_TEXTS) known.clear();
  known.set(text, digest);
  return digest;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
