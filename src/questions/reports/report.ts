import { FILE_FORMATS } from '../../lib/media-types.ts';
import type { ParameterFilter } from '../filter-groups.ts';
import type { SqlEngine } from '../sql/sql-engine.ts';

export const PARAMETER_TYPES = ['text', 'integer', 'real', 'date', 'time', 'zone'] as const;
export type ReportParameterType = (typeof PARAMETER_TYPES)[number];

/** A value with which a report is run, bound as `:name`. */
export interface ReportParameter {
  name: string;
  type: ReportParameterType;
  /** A sentence that says what the parameter limits or sets. */
  description: string;
  /**
   * The default, as a caller would write it. `-30d` counts from the time when the report is run. Without a default, the
   * parameter must be given.
   */
  default?: string | undefined;
  /**
   * The filter whose values the parameter takes; only for parameters of type text. An impossible value is refused, and
   * one that the archive has never seen is reported.
   */
  filter?: ParameterFilter | undefined;
}

/** A named question to the archive: one SELECT and its parameters. */
export interface Report {
  name: string;
  /** The question that the report answers, and the order of its rows. */
  description: string;
  sql: string;
  /** The engine that runs it, in whose SQL it is; by default that of the archive's file. */
  engine?: SqlEngine | undefined;
  parameters: ReportParameter[];
  /**
   * What the report reads that sealing removes from the file: nothing; only rows that were requested in its span; or
   * these, but nothing if its days are those of UTC. Absent if that is not known: it may read anything.
   */
  reads?: 'nothing' | 'span' | 'spanUnlessUtc';
  /**
   * What the engine `lake` makes of its SQL: the same answer as that of the archive, or why it refuses it. Absent if that
   * is not known.
   */
  inLake?: 'same' | RefusedInLake;
}

/** Why the lake refuses the SQL of a report. */
export interface RefusedInLake {
  /** What of the SQL the lake does not have, as the end of a sentence that begins with "it needs". */
  needs: string;
  /** Words of the refusal, by which one for another reason can be told. */
  refusal: string;
}

export const DELIVERY_FORMATS = ['csv', 'ndjson', ...FILE_FORMATS] as const;
export const DELIVERY_READERS = ['spreadsheet'] as const;

/** A report that is written to a folder on a schedule. */
export interface ReportDelivery {
  /** The report's name. The report may be configured, saved or built in. */
  report: string;
  /** When the report is written, as five- or six-field cron in UTC. */
  schedule: string;
  /** The absolute path of the folder to write to. */
  directory: string;
  format: (typeof DELIVERY_FORMATS)[number];
  /** For csv: whether the file is written so that a spreadsheet shows its values right. */
  for?: (typeof DELIVERY_READERS)[number];
  /** The parameters' values as a caller would write them. All other parameters have their defaults. */
  values: Record<string, string>;
}

export const REPORT_NAME = /^[a-z][a-z0-9-]{0,62}$/;
export const PARAMETER_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Names that have another meaning in a URL or command that runs a report. No parameter may have such a name. */
export const RESERVED_PARAMETER_NAMES: readonly string[] = [
  'format',
  'csv',
  'for',
  'limit',
  'cursor',
  'timeoutMs',
  'timeout_ms',
  'token',
];
