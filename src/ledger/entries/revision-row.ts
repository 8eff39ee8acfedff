import type { RevisionFacts } from './entries.ts';

/** The columns of `revisions` that an entry needs. */
export interface RevisionRow extends RevisionFacts {
  seq: number;
  batchId: number;
}

/** The columns of a RevisionRow, with `revisions` as r and `invocations` as i. */
export const REVISION_COLUMNS =
  'r.seq, i.account_id AS accountId, i.region, r.observed_at AS observedAt, r.fingerprint, r.page_id AS batchId, r.line';
