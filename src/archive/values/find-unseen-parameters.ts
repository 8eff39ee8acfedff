import type { Database } from 'better-sqlite3';
import type { OpenFilter } from '../../questions/filters.ts';
import { findUnseen, type UnseenValue } from './find-never-seen.ts';
import type { Configured } from './open-filter.ts';

/** A report's parameter that takes the values of a filter, with its value. */
export interface AskedParameter {
  parameter: string;
  filter: OpenFilter;
  value: string;
}

/** A value of a parameter that the archive does not have now. */
export interface UnseenParameter extends UnseenValue {
  parameter: string;
}

/**
 * The values of parameters that the archive does not have, found in the same way as findUnseen finds the values of
 * filters.
 */
export function findUnseenParameters(
  sqlite: Database,
  asked: readonly AskedParameter[],
  configured: Configured,
): UnseenParameter[] {
  return asked.flatMap(({ parameter, filter, value }) =>
    findUnseen(sqlite, { [filter]: value }, configured).map((unseen) => ({ parameter, ...unseen })),
  );
}
