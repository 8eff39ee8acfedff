import { saySpan } from '../../archive/coverage/say-span.ts';
import {
  type EmptyAnswer,
  type EmptyQuestion,
  explainEmpty,
  openValuesOf,
} from '../../archive/values/explain-empty.ts';
import { findNeverSeen } from '../../archive/values/find-never-seen.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { sayUnseen } from '../../questions/say-unseen.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';
import type { Terminal } from '../terminal.ts';
import { nameOf, refuseUnseen } from './refuse-unseen.ts';

/**
 * Throws UserFault (exit code 2) if the filter asks for values that the archive has never seen, unless the caller
 * allows such values.
 */
export function checkSeen(
  sqlite: ArchiveDb['sqlite'],
  filter: InvocationFilter,
  { config, terminal, ...how }: { config: Config; terminal: Terminal; isJson: boolean; allowUnseen: boolean },
): void {
  if (how.allowUnseen) return;
  const neverSeen = findNeverSeen(sqlite, openValuesOf(filter), configuredPlaces(config.sources));
  if (neverSeen.length > 0) throw refuseUnseen(terminal, neverSeen, how);
}

/** Explains an empty answer, by the same rules as REST and the console. */
export function explainNothing(
  sqlite: ArchiveDb['sqlite'],
  filter: InvocationFilter,
  { sources, settlingMs }: Pick<Config, 'sources' | 'settlingMs'>,
  nowMs: number,
): EmptyAnswer {
  const question: EmptyQuestion = { filter, configured: configuredPlaces(sources), nowMs, settlingMs };
  return explainEmpty(sqlite, question);
}

/**
 * Returns the explanation of an empty answer in sentences: which span was searched, whether it is covered, and which
 * values are not known or were never seen.
 */
export function sayNothing({ coverage, unseen }: EmptyAnswer, filter: InvocationFilter): string[] {
  return [saySpan(coverage, filter), ...unseen.map((value) => sayUnseen(nameOf(value), value))];
}
