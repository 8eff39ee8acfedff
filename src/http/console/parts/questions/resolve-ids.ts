import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import { ID_FILTERS, type IdFilter } from '../../../../questions/filter-groups.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';

/** The first letters of several ids. */
export interface Ambiguous {
  filter: IdFilter;
  typed: string;
  /** Some of the ids that begin with the typed letters. */
  examples: readonly string[];
}

export interface ResolvedIds {
  /** The full ids whose first letters were typed. */
  meant: Partial<Record<IdFilter, string>>;
  ambiguous: readonly Ambiguous[];
}

/** The result if nothing was looked for. */
export const NO_IDS: ResolvedIds = { meant: {}, ambiguous: [] };

const DEADLINE_MS = 2000;

/** Finds the ids that a person means by their first letters, since the console itself shows shortened ids. */
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

/** The address with these ids in full, or undefined if none was shortened. */
export function pathInFull(url: string, { meant }: ResolvedIds): string | undefined {
  const { pathname, searchParams } = new URL(url);
  const entries = Object.entries(meant);
  if (entries.length === 0) return undefined;
  for (const [name, value] of entries) searchParams.set(name, value);
  return `${pathname}?${searchParams}`;
}
