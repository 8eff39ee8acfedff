import type { SigningRecord } from '../../../ledger/signing-record/read-record.ts';

/**
 * What of that which the key has signed is not in a backup. `none`: all of it is. `leaves`: those from `from` to `to`. `another`: the backup is
 * of another history, so that nothing of what was signed is known to be in it. `unknown`: no record says what was signed.
 */
export type Loss =
  | { kind: 'unknown'; why: 'none' | 'unreadable' }
  | { kind: 'none'; signed: number; origin: string }
  | { kind: 'leaves'; signed: number; origin: string; from: number; to: number }
  | { kind: 'another'; signed: number; origin: string };

export interface JudgedBackup {
  leaves: number;
  /** The name of the key that signed it last, undefined where none has. */
  origin: string | undefined;
  /** The root of its first leaves. */
  rootAt(size: number): Buffer | undefined;
}

/** Compares a backup with the records of what was signed, each by itself, and gives the worst. */
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
  // All that one key signs is one history, so that the backup is its beginning.
  if (root !== undefined || origin !== record.origin) return { kind: 'another', ...signed };
  return { kind: 'leaves', ...signed, from: leaves, to: record.size - 1 };
}

function signedOf(loss: Loss): number {
  return loss.kind === 'unknown' ? 0 : loss.signed;
}
