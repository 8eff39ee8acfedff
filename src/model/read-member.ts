import { canonicalJson } from '../lib/json/canonical-json.ts';
import { isoFromMs } from '../lib/time.ts';

// How members of AWS's replies become columns. What is of an unexpected type becomes null.

export type Members = Record<string, unknown>;

/** The value as an object's members, or undefined where it is none. */
export function asMembers(value: unknown): Members | undefined {
  return isMembers(value) ? value : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A lone surrogate has no UTF-8 form: the column has U+FFFD in its place. */
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
 * ISO text. AWS JSON 1.1 has epoch seconds; an ISO text, which some emulators send, is read as well. Null for what is no
 * time, or lies outside the years 1 to 9999, where text order would no longer be time order.
 */
export function asTime(value: unknown): string | null {
  const isText = typeof value === 'string' && ISO_TIME.test(value);
  const ms = typeof value === 'number' ? Math.round(value * 1000) : isText ? Date.parse(value) : Number.NaN;
  return ms >= YEAR_1_MS && ms < YEAR_10000_MS ? isoFromMs(ms) : null;
}
