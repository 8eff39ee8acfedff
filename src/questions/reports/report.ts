import type { ParameterFilter } from '../filter-groups.ts';

export const PARAMETER_TYPES = ['text', 'integer', 'real', 'date', 'time', 'zone'] as const;
export type ReportParameterType = (typeof PARAMETER_TYPES)[number];

/** A value that a report is run with, bound as `:name`. */
export interface ReportParameter {
  name: string;
  type: ReportParameterType;
  /** A sentence: what it narrows or sets. */
  description: string;
  /** As a caller would write it, so `-30d` counts from when the report is run. Without one the parameter must be given. */
  default?: string | undefined;
  /** The filter whose value it is: one that can't be is refused, and one that the archive has never seen is named. Of text alone. */
  filter?: ParameterFilter | undefined;
}

/** A question to the archive with a name: one SELECT, and what may be varied in it. */
export interface Report {
  name: string;
  /** What it answers and in which order. */
  description: string;
  sql: string;
  parameters: ReportParameter[];
}

export const DELIVERY_FORMATS = ['csv', 'ndjson'] as const;
export const DELIVERY_READERS = ['spreadsheet'] as const;

/** A report that is written to a folder by itself, whenever the schedule says. */
export interface ReportDelivery {
  /** The report's name, whoever defined it. */
  report: string;
  /** Five- or six-field cron, in UTC. */
  schedule: string;
  /** An absolute path. */
  directory: string;
  format: (typeof DELIVERY_FORMATS)[number];
  /** Of csv: written as a spreadsheet shows it right. */
  for?: (typeof DELIVERY_READERS)[number];
  /** Parameters as a caller would write them; those left out have their defaults. */
  values: Record<string, string>;
}

export const REPORT_NAME = /^[a-z][a-z0-9-]{0,62}$/;
export const PARAMETER_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** What a URL or a command that runs a report needs for itself, and no parameter may be called. */
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
