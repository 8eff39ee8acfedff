import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { type ConditionName, conditionsOf, MATCHING, PRESENT, stepCondition } from './invocation-filter.ts';

export type SortMember = 'requestedAt' | 'changedAt';

/** One way to find rows: the table and index to read, and the conditions on each row. */
export interface Stream {
  from: string;
  conditions: readonly Condition[];
}

/**
 * If fewer rows than this match, reading all of them is faster than reading rows in the order of time until a page is
 * full.
 */
const FEW_ROWS = 2000;
/**
 * If fewer steps than this match, finding, joining and sorting them is faster than reading an unknown number of rows in
 * the order of time.
 */
const FEW_STEPS = 20_000;
/** If there are more accounts and regions than this, reading a stream for each of them takes too long. */
const MOST_PLACES = 60;

type Member = ConditionName;

interface Candidate {
  /** The filters that the index checks, so that no other condition is needed for them. */
  members: readonly Member[];
  streams: readonly { index: string; settled?: Condition }[];
  /** How many rows the streams return. Stops counting at FEW_ROWS. */
  probe(): number;
}

/**
 * Whether a listing reads few rows besides those that it returns, in every archive: one index finds exactly the rows,
 * in the right order. If so, the server's own process may run the listing.
 */
export function isBoundedListing(filter: InvocationFilter, sort: SortMember): boolean {
  const asked = askedOf(filter);
  if (sort === 'changedAt') return asked.every((member) => member === 'changedAfter');
  const [only] = asked;
  if (asked.length === 2) return asked.includes('account') && asked.includes('region');
  if (asked.length > 1) return false;
  if (only === 'status') return !filter.status?.includes('Success');
  return only === undefined || only === 'instanceId' || only === 'documentName';
}

/**
 * Chooses the indexes to list by. The streams together return every row of the answer, some perhaps twice. SQLite's
 * statistics are the same in every archive here and cannot tell a rare document from a common one, so the first rows of
 * each index are counted.
 */
export function planListing(sqlite: Database, filter: InvocationFilter, sort: SortMember): Stream[] {
  const conditions = conditionsOf(filter, PRESENT);
  const candidates = candidatesOf(sqlite, filter);
  const without = (settled: readonly Member[]) =>
    [...conditions].filter(([member]) => !settled.includes(member)).map(([, condition]) => condition);

  const [first] = candidates;
  if (first && sort === 'requestedAt' && askedOf(filter).length === first.members.length) {
    return streamsOf(first, without(first.members));
  }
  const steps = stepsInFull(sqlite, filter);
  if (steps) return [{ from: 'invocations i', conditions: [steps, ...without(['step'])] }];
  let fewest: { candidate: Candidate; rows: number } | undefined;
  for (const candidate of candidates) {
    const rows = candidate.probe();
    if (!fewest || rows < fewest.rows) fewest = { candidate, rows };
  }
  if (fewest && (sort === 'requestedAt' || fewest.rows < FEW_ROWS)) {
    return streamsOf(fewest.candidate, without(fewest.candidate.members));
  }
  const index = sort === 'requestedAt' ? 'invocations_requested_at' : 'invocations_changed_at';
  return [{ from: `invocations i INDEXED BY ${index}`, conditions: [...conditions.values()] }];
}

/** The filters on an invocation, without those on its request time, which every index contains. */
function askedOf(filter: InvocationFilter): Member[] {
  return [...conditionsOf(filter, PRESENT).keys()].filter(
    (member) => member !== 'requestedAfter' && member !== 'requestedBefore',
  );
}

function streamsOf({ streams }: Candidate, others: readonly Condition[]): Stream[] {
  return streams.map(({ index, settled }) => ({
    from: `invocations i INDEXED BY ${index}`,
    conditions: settled ? [settled, ...others] : others,
  }));
}

/** The filters that an index can check, in the order of preference that applies if none of them is rare. */
function candidatesOf(sqlite: Database, filter: InvocationFilter): Candidate[] {
  const { account, region, commandId, instanceId, documentName, status, sender } = filter;
  const candidates: Candidate[] = [];
  const add = (member: Member, index: string, sql: string, value: string) => {
    const settled = { sql, params: [value] };
    candidates.push({ members: [member], streams: [{ index, settled }], probe: () => probe(sqlite, index, settled) });
  };
  if (commandId !== undefined) add('commandId', 'invocations_key', 'i.command_id = ?', commandId);
  if (instanceId !== undefined) add('instanceId', 'invocations_instance', 'i.instance_id = ?', instanceId);
  if (sender !== undefined) candidates.push(...bySender(sqlite, sender));
  // The indexes by status leave Success out: nearly all invocations have it, so reading in the order of time finds one
  // at once.
  if (status && status.length > 0 && !status.includes('Success')) candidates.push(byStatus(sqlite, status));
  if (documentName !== undefined) add('documentName', 'invocations_document', 'i.document_name = ?', documentName);
  if (account === undefined && region === undefined) return candidates;
  const places = placesOf(sqlite, account, region);
  if (places.length <= MOST_PLACES) {
    const streams = places.map((place) => ({
      index: 'invocations_account',
      settled: { sql: 'i.account_id = ? AND i.region = ?', params: [place.account_id, place.region] },
    }));
    const members: Member[] = [
      ...(account !== undefined ? ['account' as const] : []),
      ...(region !== undefined ? ['region' as const] : []),
    ];
    candidates.push({ members, streams, probe: () => sumOfProbes(sqlite, streams) });
  }
  return candidates;
}

function byStatus(sqlite: Database, statuses: readonly string[]): Candidate {
  const streams = statuses.flatMap((status) => [
    { index: 'invocations_status', settled: { sql: `i.status = ? AND i.status <> 'Success'`, params: [status] } },
    {
      index: 'invocations_status_details',
      settled: { sql: `i.status_details = ? AND i.status_details <> 'Success'`, params: [status] },
    },
  ]);
  return { members: ['status'], streams, probe: () => sumOfProbes(sqlite, streams) };
}

/**
 * For a sender with few commands, finds invocations by the ids of the commands. For a frequent sender, reading in the
 * order of time soon finds some.
 */
function bySender(sqlite: Database, sender: string): Candidate[] {
  const index = 'invocations_key';
  const settled = {
    sql: 'i.command_id IN (SELECT s.command_id FROM main.command_senders s WHERE s.principal_arn = ?)',
    params: [sender],
  };
  const rows = probe(sqlite, index, settled);
  // A command with this id may exist in another account, so the filter itself must still be checked.
  return rows < FEW_ROWS ? [{ members: [], streams: [{ index, settled }], probe: () => rows }] : [];
}

function sumOfProbes(sqlite: Database, streams: readonly { index: string; settled: Condition }[]): number {
  let rows = 0;
  for (const { index, settled } of streams) {
    rows += probe(sqlite, index, settled);
    if (rows >= FEW_ROWS) break;
  }
  return Math.min(rows, FEW_ROWS);
}

function probe(sqlite: Database, index: string, { sql, params }: Condition): number {
  const rows = `SELECT 1 FROM invocations i INDEXED BY ${index} WHERE ${sql} LIMIT ${FEW_ROWS}`;
  return Number(prepareOnce<unknown[], { n: number }>(sqlite, `SELECT count(*) AS n FROM (${rows})`).get(...params)?.n);
}

/** Accounts with their regions. Each is found by one jump in the index. They are few, even if there are many rows. */
function placesOf(sqlite: Database, account: string | undefined, region: string | undefined) {
  return prepareOnce<unknown[], { account_id: string; region: string }>(
    sqlite,
    `WITH RECURSIVE accounts(account_id) AS (
         SELECT min(account_id) FROM invocations WHERE account_id >= :from
         UNION ALL SELECT (SELECT min(account_id) FROM invocations i WHERE i.account_id > a.account_id)
           FROM accounts a WHERE a.account_id IS NOT NULL AND :only IS NULL
       ), places(account_id, region) AS (
         SELECT a.account_id, (SELECT min(region) FROM invocations i WHERE i.account_id = a.account_id)
           FROM accounts a WHERE a.account_id IS NOT NULL AND (:only IS NULL OR a.account_id = :only)
         UNION ALL SELECT p.account_id,
             (SELECT min(region) FROM invocations i WHERE i.account_id = p.account_id AND i.region > p.region)
           FROM places p WHERE p.region IS NOT NULL
       )
       SELECT account_id, region FROM places WHERE region IS NOT NULL AND (:region IS NULL OR region = :region)`,
  ).all({ from: account ?? '', only: account ?? null, region: region ?? null });
}

/** If few steps match, finds the invocations by these steps. */
function stepsInFull(sqlite: Database, filter: InvocationFilter): Condition | undefined {
  const steps = stepsByIndex(filter);
  if (!steps) return undefined;
  const found = Number(
    sqlite
      .prepare(`SELECT count(*) FROM (${steps.sql} LIMIT ${FEW_STEPS})`)
      .pluck()
      .get(...steps.params),
  );
  return found < FEW_STEPS ? { sql: `i.id IN (${steps.sql})`, params: steps.params } : undefined;
}

/** The query for the invocations of the steps, if an index leads to these steps. */
function stepsByIndex({ q, ...others }: InvocationFilter): Condition | undefined {
  const rest = stepCondition(others);
  if (q !== undefined) {
    const and = rest ? ` AND ${rest.sql}` : '';
    const params = [q, ...(rest?.params ?? [])];
    // A step is found by what the listing showed of its output, and by what was fetched of it.
    const sql = `SELECT p.invocation_id FROM plugins p INDEXED BY plugins_output_id WHERE p.output_id IN (${MATCHING})${and}
      UNION ALL SELECT f.invocation_id FROM full_outputs f INDEXED BY full_outputs_output_id
        JOIN plugins p ON p.invocation_id = f.invocation_id AND p.position = f.position WHERE f.output_id IN (${MATCHING})${and}`;
    return { sql, params: [...params, ...params] };
  }
  if (!rest || !others.responseCode || !isNeverZero(others.responseCode)) return undefined;
  const from = 'plugins p INDEXED BY plugins_response_code';
  return {
    sql: `SELECT p.invocation_id FROM ${from} WHERE ${rest.sql} AND p.response_code <> 0`,
    params: rest.params,
  };
}

function isNeverZero({ operator, code }: { operator: string; code: number }): boolean {
  if (operator === '=') return code !== 0;
  if (operator === '<>') return code === 0;
  return operator === '>' ? code >= 0 : code <= 0;
}
