import { commitmentOf } from '../../ledger/entries/commitments.ts';
import { REDACTED } from './evidence.ts';

export interface OpenedEntry {
  /** The entry with its values, and with REDACTED instead of values that are left out. */
  text: string;
  redacted: number;
}

/** A commitment in an entry, with the name of its member if that is the fingerprint, which is never opened. */
const COMMITMENT = /("fingerprint":)?\{"commitment":"([0-9a-f]{64})"\}/g;

/**
 * Puts back the values for which an entry has commitments. Throws a sentence if a value matches no commitment of the
 * entry. All is replaced in one pass: what looks like a commitment within a value is part of the value.
 */
export function openEntry(entry: string, openings: readonly { salt: string; value: string }[]): OpenedEntry {
  const values = new Map(
    openings.map(({ salt, value }) => [commitmentOf({ salt: Buffer.from(salt, 'hex'), value }), value]),
  );
  let redacted = 0;
  const text = entry.replaceAll(COMMITMENT, (whole: string, name: string | undefined, commitment: string) => {
    const value = values.get(commitment);
    values.delete(commitment);
    if (value !== undefined) return (name ?? '') + value;
    if (name !== undefined) return whole;
    redacted += 1;
    return JSON.stringify(REDACTED);
  });
  for (const value of values.values())
    throw new Error(`the value ${value.slice(0, 60)} does not match any commitment of its entry`);
  return { text, redacted };
}
