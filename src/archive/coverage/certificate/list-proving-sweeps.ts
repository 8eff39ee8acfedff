import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { parseRequestIds } from '../../../model/coverage/request-ids.ts';
import { mergeSpans, type Span, spansOverlap } from '../../../model/coverage/spans.ts';
import type { SourceKey } from '../../../model/observed-invocation.ts';

/** A sweep in the ledger. It proves that a part of a span was listed completely. */
export interface ProvingSweep {
  id: number;
  /** The leaf in the ledger that records the sweep. */
  leaf: number;
  operation: string;
  /** The request times that the sweep listed; `to` is null if the sweep had no upper limit. */
  from: string | null;
  to: string | null;
  calls: number;
  pages: number;
  startedAt: string;
  finishedAt: string | null;
  outcome: string;
  /** The request ids of its replies, in order; absent if the archive did not record request ids yet. */
  requestIds?: string[];
}

/** The ledger's proofs for the coverage of an account and region. */
export interface CoverageProof {
  sweeps: ProvingSweep[];
  /** How many proving sweeps there are that `sweeps` does not name. */
  moreSweeps: number;
  /** Leaves that list what was covered before the archive had a ledger. */
  broughtInLeaves: number[];
  /** All spans that the ledger proves to be covered, within the judged span and around it. */
  proven: Span[];
}

interface ProvenRow extends Omit<ProvingSweep, 'requestIds'>, SourceKey {
  kind: string;
  requestIdsJson: string | null;
  provenFrom: string;
  provenTo: string;
}

const MERGE_AT = 1000;

/**
 * Returns for each account and region, in the order given, up to `most` sweeps whose entries prove some of its span.
 * Reads all entries of the ledger, which may take long, so do not call it in a process that serves requests.
 */
export function listProvingSweeps(
  sqlite: Database,
  places: readonly (SourceKey & { span: Span })[],
  most: number,
): CoverageProof[] {
  const proofs = places.map((place): CoverageProof & { place: (typeof places)[number] } => ({
    ...{ place, sweeps: [], moreSweeps: 0, broughtInLeaves: [], proven: [] },
  }));
  const byKey = new Map(proofs.map((proof) => [placeKey(proof.place), proof]));
  let previous: ProvenRow | undefined;
  for (const row of provenRows(sqlite, aroundAll(places))) {
    const proof = byKey.get(placeKey(row));
    const proven = { from: Date.parse(row.provenFrom), to: Date.parse(row.provenTo) };
    if (!proof || !spansOverlap(proof.place.span, proven)) continue;
    proof.proven.push(proven);
    if (proof.proven.length > MERGE_AT) proof.proven = mergeSpans(proof.proven);
    // A sweep has one row for each span that it proves; these rows are adjacent.
    const isKnown = previous?.leaf === row.leaf && placeKey(previous) === placeKey(row);
    previous = row;
    if (isKnown) continue;
    if (row.kind === 'coverage') proof.broughtInLeaves.push(row.leaf);
    else if (proof.sweeps.length < most) proof.sweeps.push(sweepOf(row));
    else proof.moreSweeps += 1;
  }
  return proofs.map(({ place, ...proof }) => ({ ...proof, proven: mergeSpans(proof.proven) }));
}

function placeKey({ accountId, region }: SourceKey): string {
  return `${accountId} ${region}`;
}

function sweepOf({ kind, accountId, region, provenFrom, provenTo, requestIdsJson, ...sweep }: ProvenRow): ProvingSweep {
  const requestIds = parseRequestIds(requestIdsJson);
  return requestIds ? { ...sweep, requestIds } : sweep;
}

function aroundAll(places: readonly { span: Span }[]): { from: string; to: string } {
  const from = Math.min(...places.map(({ span }) => span.from));
  const to = Math.max(...places.map(({ span }) => span.to));
  return places.length === 0 ? { from: '', to: '' } : { from: isoFromMs(from), to: isoFromMs(to) };
}

/**
 * Canonical JSON has `covered` first, so the beginning of an entry shows whether it proves something. Times are
 * compared first, because parsing the rest is most of the work.
 */
function provenRows(sqlite: Database, span: { from: string; to: string }): IterableIterator<ProvenRow> {
  return prepareOnce<[object], ProvenRow>(
    sqlite,
    `SELECT e.seq - 1 AS leaf, e.kind, e.entry_json ->> '$.row.account_id' AS accountId, e.entry_json ->> '$.row.region' AS region,
            e.entry_json ->> '$.row.id' AS id, e.entry_json ->> '$.row.operation' AS operation,
            e.entry_json ->> '$.row.from_at' AS "from", e.entry_json ->> '$.row.to_at' AS "to",
            e.entry_json ->> '$.row.calls' AS calls, e.entry_json ->> '$.row.pages' AS pages,
            e.entry_json ->> '$.row.started_at' AS startedAt, e.entry_json ->> '$.row.finished_at' AS finishedAt,
            e.entry_json ->> '$.row.outcome' AS outcome,
            e.entry_json ->> '$.row.request_ids_json' AS requestIdsJson, s.value ->> '$.fromAt' AS provenFrom, s.value ->> '$.toAt' AS provenTo
       FROM ledger_entries e, json_each(e.entry_json, '$.covered') s
      WHERE e.kind = 'row' AND substr(e.entry_json, 1, 13) = '{"covered":[{'
        AND s.value ->> '$.toAt' > :from AND s.value ->> '$.fromAt' < :to
      UNION ALL
     SELECT e.seq - 1, e.kind, s.value ->> '$.accountId', s.value ->> '$.region',
            0, '', NULL, NULL, 0, 0, '', NULL, '', NULL, s.value ->> '$.fromAt', s.value ->> '$.toAt'
       FROM ledger_entries e, json_each(e.entry_json, '$.spans') s
      WHERE e.kind = 'coverage'`,
  ).iterate(span);
}
