import type { SpanCoverage } from '../../../archive/coverage/coverage-of-span.ts';
import { openValuesOf } from '../../../archive/values/explain-empty.ts';
import type { NeverSeen } from '../../../archive/values/find-never-seen.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';

/**
 * A header of downloads. It names the filters whose value the archive has never seen, separated by commas: the rows of
 * a download have no place for this.
 */
export const NEVER_SEEN_HEADER = 'x-ssm-archive-never-seen';

/** An empty answer waits at most this long to learn why it is empty. It is complete without that. */
const DEADLINE_MS = 2000;

/** Why an answer is empty: the values that the archive has never seen, and how much of the span is covered. */
export interface WhyEmpty {
  neverSeen?: readonly NeverSeen[];
  coverage?: SpanCoverage;
}

/** Returns why an answer has no items; an empty object if it has items, or if finding out takes too long. */
export async function whyEmpty(
  c: ApiContext,
  deps: ApiDeps,
  { filter, items, isFirstPage = true }: { filter: InvocationFilter; items: readonly unknown[]; isFirstPage?: boolean },
): Promise<WhyEmpty> {
  if (items.length > 0 || !isFirstPage) return {};
  const found = await explain(c, deps, filter);
  return found ? { neverSeen: neverOf(found.unseen), coverage: found.coverage } : {};
}

/** Sets NEVER_SEEN_HEADER for a download. A download sends its headers before any row is known. */
export async function neverSeenHeader(c: ApiContext, deps: ApiDeps, filter: InvocationFilter): Promise<void> {
  if (Object.keys(openValuesOf(filter)).length === 0) return;
  const never = neverOf((await explain(c, deps, filter))?.unseen ?? []);
  if (never.length > 0) c.header(NEVER_SEEN_HEADER, never.map((one) => one.filter).join(', '));
}

async function explain(c: ApiContext, deps: ApiDeps, filter: InvocationFilter) {
  const { readers, configured, settlingMs, now, lakeAlone } = deps;
  if (lakeAlone) return lakeAlone.explainEmpty(filter);
  const question = { filter, configured, settlingMs, nowMs: now().getTime() };
  return ifInTime(readers.read('explainEmpty', question, readOptions(c, DEADLINE_MS)));
}

function neverOf(unseen: readonly (NeverSeen & { certainty: string })[]): NeverSeen[] {
  return unseen.flatMap(({ certainty, filter, value, near }) =>
    certainty === 'never' ? [{ filter, value, near }] : [],
  );
}
