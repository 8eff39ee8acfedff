import { canonicalJson } from '../lib/json/canonical-json.ts';
import { isoFromMs } from '../lib/time.ts';

// These functions turn members of AWS's replies into columns. A value of an unexpected type becomes null.

export type Members = Record<string, unknown>;

/** Returns the value as an object's members; undefined if it is not an object. */
export function asMembers(value: unknown): Members | undefined {
  return isMembers(value) ? value : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A lone surrogate has no UTF-8 form, so the column gets U+FFFD instead. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

export function asFlag(value: unknown): 0 | 1 | null {
  return typeof value === 'boolean' ? (value ? 1 : 0) : null;
}

export function asInteger(value: unknown): number | null {
  return Number.isSafeInteger(value) ? Number(value) : null;
}

export function asListJson(value: unknown): string | null {
  return Array.isArray(value) ? canonicalJson(value) : null;
}

export function asObjectJson(value: unknown): string | null {
  const members = asMembers(value);
  return members ? canonicalJson(members) : null;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;
const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000_MS = Date.UTC(10_000, 0);

/**
 * Returns a time as ISO text. AWS JSON 1.1 has epoch seconds; ISO texts, which some emulators send, are read too. Null
 * if the value is not a time, or if its year is not from 1 to 9999: only times in these years can be sorted as texts.
 */
export function asTime(value: unknown): string | null {
  const isText = typeof value === 'string' && ISO_TIME.test(value);
  const ms = typeof value === 'number' ? Math.round(value * 1000) : isText ? Date.parse(value) : Number.NaN;
  return ms >= YEAR_1_MS && ms < YEAR_10000_MS ? isoFromMs(ms) : null;
}
