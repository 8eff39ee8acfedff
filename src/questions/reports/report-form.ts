import { z } from 'zod';
import { PARAMETER_FILTERS } from '../filter-groups.ts';
import { lakeParameters } from '../sql/lake-parameters.ts';
import { SQL_ENGINES } from '../sql/sql-engine.ts';
import { sqlTokens } from '../sql/sql-tokens.ts';
import { filterValue } from './filter-value.ts';
import { parameterValue } from './parameter-value.ts';
import {
  PARAMETER_NAME,
  PARAMETER_TYPES,
  REPORT_NAME,
  RESERVED_PARAMETER_NAMES,
  type Report,
  type ReportParameter,
} from './report.ts';
// Loads our messages for the faults of forms, wherever they are shown.
import '../../lib/words/own-words.ts';

const MOST_SQL = 100_000;
const MOST_PARAMETERS = 50;
const STARTS = ['SELECT', 'WITH', 'VALUES', 'EXPLAIN'];
/** The time from which relative times count. Any time works, because here we only check that a default can be read. */
const ANY_TIME = new Date('2026-01-01T00:00:00.000Z');

/** SQLite and files hold UTF-8, which has no lone surrogates. */
const isWhole = [(text: string) => text.isWellFormed(), 'has a lone surrogate, which is half a character'] as const;
const sentence = z
  .string('is needed: a sentence')
  .trim()
  .min(1, 'must not be empty')
  .max(1000, 'is too long')
  .refine(...isWhole);

export const reportName = z
  .string('is needed: a name for the report')
  .regex(REPORT_NAME, 'must be at most 63 lower-case letters, digits and hyphens, beginning with a letter');

const parameterForm = z
  .strictObject({
    name: z
      .string('is needed: the name that the SQL has after a colon')
      .regex(PARAMETER_NAME, 'must be at most 63 lower-case letters, digits and underscores, beginning with a letter')
      .refine((name) => !RESERVED_PARAMETER_NAMES.includes(name), 'is reserved for every report'),
    type: z.enum(PARAMETER_TYPES),
    description: sentence,
    default: z
      .string('must be text')
      .refine(...isWhole)
      .optional(),
    // exactOptional is not used here, because the API's description would then call these members required.
    filter: z.enum(PARAMETER_FILTERS).optional(),
  })
  .superRefine(({ type, default: text, filter }, context) => {
    if (filter !== undefined && type !== 'text') fault(context, ['filter'], 'works only for parameters of type text');
    if (text === undefined) return;
    const read = parameterValue(type, text, ANY_TIME);
    if ('expected' in read) fault(context, ['default'], `must be ${read.expected}, not ${JSON.stringify(text)}`);
    const held = filter === undefined ? undefined : filterValue(filter, text, undefined);
    if (held && 'fault' in held) fault(context, ['default'], held.fault);
  });

/** The members of a report, wherever a report is written. */
export const reportMembers = {
  name: reportName,
  description: sentence,
  sql: z
    .string('is needed: one SELECT')
    .min(1, 'must not be empty')
    .max(MOST_SQL, 'is too long')
    .refine(...isWhole),
  engine: z.enum(SQL_ENGINES).optional(),
  parameters: z.array(parameterForm).max(MOST_PARAMETERS, `must have at most ${MOST_PARAMETERS} parameters`),
};

/** The form of a report in archive.yaml or in a call of the API. Its output is a Report. */
export const reportForm = z
  .strictObject({ ...reportMembers, parameters: reportMembers.parameters.default([]) })
  .superRefine(checkSql);

/**
 * Checks that the SQL is one statement, and that it names exactly the parameters that the report has. That of the lake is
 * not SQLite's: only DuckDB can say whether it is one statement, when the report is saved or run.
 */
export function checkSql(report: Pick<Report, 'sql' | 'engine' | 'parameters'>, context: z.RefinementCtx): void {
  if (report.engine === 'lake') {
    checkParameters(report.parameters, new Set(lakeParameters(report.sql).map((name) => `:${name}`)), context);
    return;
  }
  const tokens = [...sqlTokens(report.sql)].filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const illegal = tokens.find(({ kind }) => kind === 'illegal');
  if (illegal) fault(context, ['sql'], `can't be read by SQLite from ${JSON.stringify(illegal.text.slice(0, 40))} on`);
  if (!STARTS.includes(tokens[0]?.text.toUpperCase() ?? '')) {
    fault(context, ['sql'], `must begin with one of ${STARTS.join(', ')}`);
  }
  const end = tokens.findIndex(({ text }) => text === ';');
  if (end >= 0 && tokens.slice(end).some(({ text }) => text !== ';')) fault(context, ['sql'], 'must be one statement');

  const used = new Set(tokens.filter(({ kind }) => kind === 'parameter').map(({ text }) => text));
  checkParameters(report.parameters, used, context);
}

function checkParameters(parameters: readonly ReportParameter[], used: Set<string>, context: z.RefinementCtx): void {
  const declared = parameters.map(({ name }) => name);
  for (const text of used) {
    if (!text.startsWith(':')) fault(context, ['sql'], `must have parameters of the form :name, not ${text}`);
    else if (!declared.includes(text.slice(1)))
      fault(context, ['sql'], `names ${text}, which is not one of the parameters`);
  }
  for (const [i, name] of declared.entries()) {
    if (declared.indexOf(name) < i)
      fault(context, ['parameters', i, 'name'], `"${name}" is already the name of an earlier parameter`);
    else if (!used.has(`:${name}`)) fault(context, ['parameters', i, 'name'], `the SQL does not contain :${name}`);
  }
}

function fault(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}
