import { AwsError } from '../aws-error.ts';
import type { CommandFilters, ExecutionStage } from '../command-history.ts';
import { parseIsoTime } from './parse-iso-time.ts';

interface RequestFilter {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

export interface ParsedFilters {
  readonly filters: CommandFilters;
  readonly executionStages: readonly ExecutionStage[];
}

/**
 * Parses the Filters member of a list request. Its constraints have been checked already. Throws InvalidFilterKey for a
 * key that the operation does not allow, and ValidationException for an impossible value (a date that can't be read, an
 * unknown ExecutionStage, InvokedAfter later than InvokedBefore). Any status is allowed; an unknown status matches
 * nothing.
 */
export function parseFilters(given: readonly RequestFilter[] | undefined, operation: string): ParsedFilters {
  let after: number | undefined;
  let before: number | undefined;
  const statuses: string[] = [];
  const documentNames: string[] = [];
  const executionStages: ExecutionStage[] = [];
  for (const { key, value = '' } of given ?? []) {
    if (key === 'InvokedAfter') after = Math.max(after ?? Number.NEGATIVE_INFINITY, time(key, value));
    else if (key === 'InvokedBefore') before = Math.min(before ?? Number.POSITIVE_INFINITY, time(key, value));
    else if (key === 'Status') statuses.push(value);
    else if (key === 'DocumentName') documentNames.push(value);
    else if (key === 'ExecutionStage' && operation === 'ListCommands') executionStages.push(stage(value));
    else throw new AwsError('InvalidFilterKey');
  }
  if (after !== undefined && before !== undefined && after > before) {
    throw new AwsError(
      'ValidationException',
      'The value of InvokedAfter must not be later than that of InvokedBefore.',
    );
  }
  return {
    filters: {
      ...(after !== undefined && { invokedAfterMs: after }),
      ...(before !== undefined && { invokedBeforeMs: before }),
      statuses,
      documentNames,
    },
    executionStages,
  };
}

function time(key: string, value: string): number {
  const parsed = parseIsoTime(value);
  if (parsed !== undefined) return parsed;
  throw new AwsError(
    'ValidationException',
    `The value '${value}' of the filter ${key} is not a date and time in ISO 8601 format, such as 2021-07-07T00:00:00Z.`,
  );
}

function stage(value: string): ExecutionStage {
  if (value === 'Executing' || value === 'Complete') return value;
  throw new AwsError(
    'ValidationException',
    `The value '${value}' of the filter ExecutionStage is not one of: Executing, Complete.`,
  );
}
