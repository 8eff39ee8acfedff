import { z } from 'zod';
import { PARAMETER_TYPES, type ReportParameterType } from '../../../questions/reports/report.ts';
import { SQL_ENGINES, type SqlEngine, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { namedParameters } from '../../../questions/sql/sql-parameters.ts';

/** A report in the form for saving it, exactly as it was typed. */
export interface ReportDraft {
  sql: string;
  engine: SqlEngine;
  name: string;
  description: string;
  parameters: DraftParameter[];
  /** Whether a saved report of the same name may be replaced. */
  isReplacing: boolean;
}

export interface DraftParameter {
  name: string;
  type: ReportParameterType;
  description: string;
  default: string;
  /** Whether a value must always be given. The parameter then has no default. */
  isNeeded: boolean;
}

const Text = z
  .string()
  .transform((text) => text.replaceAll('\r\n', '\n'))
  .catch('');
const Type = z.enum(PARAMETER_TYPES);
const Engine = z.enum(SQL_ENGINES).catch(USUAL_ENGINE);

/**
 * Reads the fields of the form. The report has the same parameters as its SQL. If the form comes from the SQL page, the
 * value of a parameter there becomes its default, and the type is guessed from that value.
 */
export function readDraft(form: Readonly<Record<string, unknown>>): ReportDraft {
  const sql = Text.parse(form.sql);
  return {
    ...{ sql, engine: Engine.parse(form.engine) },
    ...{ name: Text.parse(form.name).trim(), description: Text.parse(form.description).trim() },
    parameters: namedParameters(sql).map((written) => {
      const name = written.slice(1);
      const value = Text.parse(form[written]);
      return {
        name,
        type: Type.catch(typeOf(value)).parse(form[`type.${name}`]),
        description: Text.parse(form[`description.${name}`]).trim(),
        default: form[`default.${name}`] === undefined ? value : Text.parse(form[`default.${name}`]),
        isNeeded: form[`needed.${name}`] !== undefined,
      };
    }),
    isReplacing: form.replace !== undefined,
  };
}

function typeOf(value: string): ReportParameterType {
  if (/^[+-]?\d{1,18}$/.test(value)) return 'integer';
  if (/^[+-]?\d+\.\d+$/.test(value)) return 'real';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  return /^\d{4}-\d\d-\d\dT/.test(value) ? 'time' : 'text';
}
