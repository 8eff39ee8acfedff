import { commitmentOf, committed } from '../../../ledger/entries/commitments.ts';
import { REDACTED } from '../evidence.ts';

export interface OpenedEntry {
  /** The entry with its values. Each value that is left out is replaced by REDACTED. */
  text: string;
  redacted: number;
}

/** The fingerprint's commitment is never opened; that is not a redaction. */
const LEFT = /(?<!"fingerprint":)\{"commitment":"[0-9a-f]{64}"\}/g;

/**
 * Puts the values back into an entry in place of their commitments. Throws if a value matches no commitment of the
 * entry.
 */
export function openEntry(entry: string, openings: readonly { salt: string; value: string }[]): OpenedEntry {
  let text = entry;
  for (const { salt, value } of openings) {
    const place = committed(commitmentOf({ salt: Buffer.from(salt, 'hex'), value }));
    const at = text.indexOf(place);
    if (at < 0) throw new Error(`the value ${value.slice(0, 60)} does not match any commitment of its entry`);
    text = text.slice(0, at) + value + text.slice(at + place.length);
  }
  let redacted = 0;
  text = text.replaceAll(LEFT, () => {
    redacted += 1;
    return JSON.stringify(REDACTED);
  });
  return { text, redacted };
}
