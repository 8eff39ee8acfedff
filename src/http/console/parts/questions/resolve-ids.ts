import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import { ID_FILTERS, type IdFilter } from '../../../../questions/filter-groups.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';

/** A typed text with which several ids begin. */
export interface Ambiguous {
  filter: IdFilter;
  typed: string;
  /** Some of the ids that begin with the typed text. */
  examples: readonly string[];
}

export interface ResolvedIds {
  /** For each typed beginning that only one id has: the full id. */
  meant: Partial<Record<IdFilter, string>>;
  ambiguous: readonly Ambiguous[];
}

/** The result if no ids were looked up. */
export const NO_IDS: ResolvedIds = { meant: {}, ambiguous: [] };

const DEADLINE_MS = 2000;

/**
 * Finds the full ids for typed beginnings of ids. People may type only the beginning, because the console itself shows
 * short ids.
 */
export async function resolveIds(
  c: ConsoleContext,
  { readers }: ConsoleDeps,
  asked: { readonly [Filter in IdFilter]?: string | undefined },
): Promise<ResolvedIds> {
  const meant: ResolvedIds['meant'] = {};
  const ambiguous: Ambiguous[] = [];
  for (const filter of ID_FILTERS) {
    const typed = asked[filter];
    if (typed === undefined || typed === '') continue;
    const found = await ifInTime(readers.read('resolvePrefix', { filter, typed }, readOptions(c, DEADLINE_MS)));
    if (found?.kind === 'one') meant[filter] = found.value;
    if (found?.kind === 'many') ambiguous.push({ filter, typed, examples: found.examples });
  }
  return { meant, ambiguous };
}

/** The address with shortened ids replaced by full ids, or undefined if there was none to replace. */
export function pathInFull(url: string, { meant }: ResolvedIds): string | undefined {
  const { pathname, searchParams } = new URL(url);
  const entries = Object.entries(meant);
  if (entries.length === 0) return undefined;
  for (const [name, value] of entries) searchParams.set(name, value);
  return `${pathname}?${searchParams}`;
}
