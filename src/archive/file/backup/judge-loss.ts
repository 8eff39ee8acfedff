import type { SigningRecord } from '../../../ledger/signing-record/read-record.ts';

/**
 * Which signed leaves are not in a backup. `none`: all are in it. `leaves`: the leaves from `from` to `to` are missing.
 * `another`: the backup has another history, so it is not known whether any signed leaf is in it. `unknown`: no record
 * says what was signed.
 */
export type Loss =
  | { kind: 'unknown'; why: 'none' | 'unreadable' }
  | { kind: 'none'; signed: number; origin: string }
  | { kind: 'leaves'; signed: number; origin: string; from: number; to: number }
  | { kind: 'another'; signed: number; origin: string };

export interface JudgedBackup {
  leaves: number;
  /** The name of the key that signed the backup last; undefined if no key has signed it. */
  origin: string | undefined;
  /** The root of the backup's first `size` leaves; undefined if it has fewer. */
  rootAt(size: number): Buffer | undefined;
}

/** Compares a backup with each record of what was signed, and returns the worst result. */
export function judgeLoss(backup: JudgedBackup, records: readonly SigningRecord[]): Loss {
  const order = ['another', 'leaves', 'none'];
  const losses = records.map((record) => judgeOne(backup, record));
  const [worst] = losses.sort(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind) || signedOf(other) - signedOf(one),
  );
  return worst ?? { kind: 'unknown', why: 'none' };
}

function judgeOne({ leaves, origin, rootAt }: JudgedBackup, record: SigningRecord): Loss {
  const signed = { signed: record.size, origin: record.origin };
  const root = rootAt(record.size);
  if (root?.equals(record.root)) return { kind: 'none', ...signed };
  // A key signs only one history, so a shorter backup signed by the same key is the beginning of that history.
  if (root !== undefined || origin !== record.origin) return { kind: 'another', ...signed };
  return { kind: 'leaves', ...signed, from: leaves, to: record.size - 1 };
}

function signedOf(loss: Loss): number {
  return loss.kind === 'unknown' ? 0 : loss.signed;
}
