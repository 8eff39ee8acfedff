import type { UnseenValue } from '../../../../archive/values/find-never-seen.ts';
import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import type { InvocationFilter } from '../../../../questions/filters.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';

/** An empty answer waits at most this long to learn why it is empty. */
const DEADLINE_MS = 2000;

/**
 * For an empty list: the values in its filter that the archive does not have, and how certain that is. Empty if finding
 * out takes too long.
 */
export async function readUnseen(
  c: ConsoleContext,
  { readers, configured, now, settlingMs }: ConsoleDeps,
  filter: InvocationFilter,
): Promise<readonly UnseenValue[]> {
  const question = { filter, configured, nowMs: now().getTime(), settlingMs };
  const explained = await ifInTime(readers.read('explainEmpty', question, readOptions(c, DEADLINE_MS)));
  return explained?.unseen ?? [];
}
