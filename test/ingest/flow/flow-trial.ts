import type { PassOptions, PassSummary } from '../../../src/ingest/run-pass.ts';
import type { PassSourceView } from '../../../src/model/coverage/passes.ts';
import { rawInvocation } from '../../archive/raw-invocation.ts';
import { memoryLog } from '../../memory-log.ts';
import { REGION, START, startTrial } from '../archive-trial.ts';
import type { TinyCall } from '../tiny-service.ts';
import { filtersOf, type PagedHistory, startPagedService } from './paged-service.ts';

type Item = Record<string, unknown>;

/** Returns the time that is this long before START, as the service writes the time of a request. */
export function requested(msBefore: number): number {
  return (START.getTime() - msBefore) / 1000;
}

/** Returns an invocation that was requested this long before START, on the node `i-<node>`. */
export function invocation(commandId: string, node: number, msBefore: number, members: Item = {}): Item {
  return rawInvocation({
    ...{ CommandId: commandId, InstanceId: `i-${node}`, RequestedDateTime: requested(msBefore), CommandPlugins: [] },
    ...members,
  });
}

/** Returns a command that was sent this long before START, to this many nodes. */
export function command(commandId: string, msBefore: number, members: Item = {}): Item {
  return {
    ...{ CommandId: commandId, DocumentName: 'AWS-RunShellScript', RequestedDateTime: requested(msBefore) },
    ...{ Status: 'Success', StatusDetails: 'Success', TargetCount: 1, CompletedCount: 1, ErrorCount: 0 },
    ...{ DeliveryTimedOutCount: 0, ...members },
  };
}

/** The options of a pass, and the settings of the trial for this pass. */
export interface FlowPass extends PassOptions {
  onProgress?: (source: PassSourceView) => void;
  slicesAtOnce?: number;
  lateLooks?: number;
  isArchive?: true;
  signal?: AbortSignal;
}

/**
 * Runs passes over a paged service, one listing at a time by default, and returns a trace of everything that they did.
 */
export async function startFlow(history: Partial<PagedHistory> = {}) {
  const { shown, service } = await startPagedService(history);
  const trial = await startTrial({ invocations: 0 });
  const lines: string[] = [];
  let tracedCalls = 0;
  let tracedEntries = 0;

  async function pass({ slicesAtOnce = 1, lateLooks = 20, isArchive, signal, ...options }: FlowPass = {}) {
    const { log, logged } = memoryLog();
    const progress: string[] = [];
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    const outcome = await trial
      .pass({
        ...options,
        ...(signal && { signal }),
        log,
        config: {
          ...{ slicesAtOnce, lateLooks, sources: [{ alias: 'tiny', regions: [REGION] }] },
          aws: { endpoint: service.url, credentials, ...(isArchive !== undefined && { isArchive }) },
        },
        onProgress(now) {
          options.onProgress?.(now);
          // How many calls were made before this moment depends on how fast a reply is recorded while the next one is
          // requested.
          const { outcome: state, pages, rowsSeen, partsPlanned, partsEnded, accountId } = now;
          const text = `${state} ${accountId ?? '-'}: ${partsEnded}/${partsPlanned} parts, ${pages} pages, ${rowsSeen} rows`;
          if (progress.at(-1) !== text) progress.push(text);
        },
      })
      .then(summaryOf, (error: unknown) => [`rejected: ${String(error)}`]);
    const made = service.calls.slice(tracedCalls).map(describeCall);
    tracedCalls = service.calls.length;
    const isOrdered = slicesAtOnce === 1;
    section('requests', isOrdered ? made : made.sort());
    section('outcome', outcome);
    section('log', warningsOf(logged));
    section('progress', isOrdered ? progress : progress.slice(-1));
    section('sweeps', rowsAs(SWEEPS, isOrdered));
    for (const [name, sql] of Object.entries(TABLES)) section(name, rowsAs(sql, isOrdered));
    section('ledger', rowsAs(LEDGER, isOrdered, tracedEntries));
    tracedEntries = Number(trial.db.sqlite.prepare('SELECT max(seq) FROM ledger_entries').pluck().get());
  }

  function section(name: string, all: readonly string[]): void {
    lines.push(`## ${name}`, ...all, '');
  }

  function rowsAs(sql: string, isOrdered: boolean, ...bound: number[]): string[] {
    const rows = trial.db.sqlite
      .prepare<number[], unknown[]>(sql)
      .raw()
      .all(...bound);
    const texts = rows.map((row) => row.map((value) => value ?? '-').join(' | '));
    // Whether a command is known first from its listing or from its invocations depends on timing, and so does the
    // number of its changes.
    return isOrdered ? texts : [...new Set(texts)].sort();
  }

  /** Moves all clocks forward, and notes it in the trace. */
  function advance(ms: number): void {
    trial.simulator.clock.advance(ms);
    lines.push(`# ${ms / 60_000} minutes later`, '');
  }

  return { ...trial, shown, service, pass, advance, trace: () => `${lines.join('\n').trimEnd()}\n` };
}

const SWEEPS = `SELECT run_id, operation, from_at, to_at, command_id, instance_id, outcome, 'calls ' || calls, 'pages ' || pages,
  'throttles ' || throttles, 'faults ' || faults, 'rows ' || rows_seen || '+' || rows_added || '~' || rows_changed,
  request_ids_json, error FROM sweeps WHERE run_id = (SELECT max(id) FROM runs) ORDER BY id`;

const TABLES = {
  invocations:
    'SELECT command_id, instance_id, requested_at, status, first_seen_at, changed_at FROM invocations ORDER BY id',
  revisions: `SELECT i.command_id, i.instance_id, r.observed_at, r.status FROM revisions r
    JOIN invocations i ON i.id = r.invocation_id ORDER BY r.seq`,
  commands: 'SELECT command_id, requested_at, status, changed_at FROM commands ORDER BY command_id',
  coverage: 'SELECT account_id, region, from_at, to_at FROM coverage ORDER BY from_at',
  'commands listed to': 'SELECT listed_to_at FROM command_listings',
  'unfinished commands': `SELECT command_id, is_executing, counts_json, requested_at, first_seen_at, listed_at,
    listed_counts_json, forgotten_at FROM unfinished_commands ORDER BY command_id`,
  'late looks': 'SELECT looked_to_at, next_from_at, rows_a_call, left_out, looked_at FROM late_looks',
  'owed looks': 'SELECT requested_at FROM late_looks_owed ORDER BY requested_at',
  'runs and sources': `SELECT r.id, r.outcome, s.alias, s.account_id, s.outcome, s.pages, s.calls, s.throttles, s.faults,
    s.rows_seen, s.rows_added, s.rows_changed, s.error FROM runs r LEFT JOIN run_sources s ON s.run_id = r.id ORDER BY r.id`,
};

/** The leaves of revisions have a random part, and the order of columns may change with the ledger. */
const LEDGER = `SELECT kind, entry_json ->> '$.table' AS "table",
  coalesce(entry_json ->> '$.row.command_id', entry_json ->> '$.commandId'), entry_json ->> '$.row.from_at',
  entry_json ->> '$.row.outcome', entry_json ->> '$.covered', entry_json ->> '$.at' FROM ledger_entries WHERE seq > ? ORDER BY seq`;

function describeCall({ operation, input }: TinyCall): string {
  const { InvokedAfter = '', InvokedBefore = '', ExecutionStage } = filtersOf(input);
  return [
    operation,
    ...(InvokedAfter + InvokedBefore === '' ? [] : [`${InvokedAfter}..${InvokedBefore}`]),
    ...[input.CommandId, input.InstanceId, ExecutionStage].filter((part) => part !== undefined),
    ...(input.NextToken === undefined ? [] : [`token ${input.NextToken}`]),
  ].join(' ');
}

function summaryOf({ outcome, sources }: PassSummary): string[] {
  return [outcome, ...sources.map(({ startedAt: _, finishedAt: __, ...source }) => JSON.stringify(source))];
}

/** Keeps warnings and errors. Other tests cover how long a call took and the text of a checkpoint. */
function warningsOf(logged: Record<string, unknown>[]): string[] {
  return logged.filter(({ level }) => Number(level) >= 40).map(({ msg }) => String(msg));
}
