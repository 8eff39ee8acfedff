import type { UnseenValue } from '../../../../archive/seen/find-never-seen.ts';
import type { InvocationFilter } from '../../../../questions/filters.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';
import { ifInTime } from '../../routes/shared-reads.ts';

/** So long an answer that is empty waits for why it is. */
const DEADLINE_MS = 2000;

/** The values of a filter that the archive has not, and how far that is known; none where it takes too long. Asked where a list is empty. */
export async function readUnseen(
  c: ConsoleContext,
  { readers, configured, now, settlingMs }: ConsoleDeps,
  filter: InvocationFilter,
): Promise<readonly UnseenValue[]> {
  const question = { filter, configured, nowMs: now().getTime(), settlingMs };
  const explained = await ifInTime(readers.read('explainEmpty', question, readOptions(c, DEADLINE_MS)));
  return explained?.unseen ?? [];
}
