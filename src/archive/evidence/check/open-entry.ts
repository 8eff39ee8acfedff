import { commitmentOf, committed } from '../../../ledger/entries/commitments.ts';
import { REDACTED } from '../evidence.ts';

export interface OpenedEntry {
  /** The entry with its values, and with REDACTED where one is left out. */
  text: string;
  redacted: number;
}

/** The fingerprint's is never opened, and is no redaction. */
const LEFT = /(?<!"fingerprint":)\{"commitment":"[0-9a-f]{64}"\}/g;

/** Puts the values back that an entry has commitments to. Throws a sentence where one is no value of this entry. */
export function openEntry(entry: string, openings: readonly { salt: string; value: string }[]): OpenedEntry {
  let text = entry;
  for (const { salt, value } of openings) {
    const place = committed(commitmentOf({ salt: Buffer.from(salt, 'hex'), value }));
    const at = text.indexOf(place);
    if (at < 0) throw new Error(`the value ${value.slice(0, 60)} is none that its entry has a commitment to`);
    text = text.slice(0, at) + value + text.slice(at + place.length);
  }
  let redacted = 0;
  text = text.replaceAll(LEFT, () => {
    redacted += 1;
    return JSON.stringify(REDACTED);
  });
  return { text, redacted };
}
