import type { Child } from 'hono/jsx';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { PARAMETER_TYPES } from '../../../questions/reports/report.ts';
import { USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { Fault } from './fault.tsx';
import type { DraftParameter, ReportDraft } from './report-draft.ts';

/** The faults by their places: `name`, `sql`, `parameters.0.default`. */
export type DraftFaults = Readonly<Record<string, string>>;

export interface SaveReportContent {
  draft: ReportDraft;
  faults: DraftFaults;
  /** SQLite's message about the SQL, if SQLite refuses it. */
  refused?: Child;
  /** Whether there is a saved report with this name already. */
  isTaken: boolean;
}

/** `/sql/save`: saves a question as a report. */
export function SaveReportPage({ draft, faults, refused, isTaken }: SaveReportContent) {
  return (
    <>
      <h1>Save as a report</h1>
      <p class="quiet">
        Any reader can run it from then on, on its page and by <code>/v1/reports</code>. A time that is relative, such
        as <code>-7d</code>, counts from the moment at which it is run.
      </p>
      <form class="stacked draft" method="post" action="/sql/save">
        <Field name="name" label="Name: lower-case letters, digits and hyphens" fault={faults.name}>
          {(own) => <input {...own} value={draft.name} required maxlength={63} autocomplete="off" spellcheck={false} />}
        </Field>
        <Field name="description" label="What the report answers, in one sentence" fault={faults.description}>
          {(own) => <input {...own} value={draft.description} required maxlength={1000} autocomplete="off" />}
        </Field>
        {draft.parameters.map((parameter, n) => (
          <ParameterFields parameter={parameter} faultOf={(member) => faults[`parameters.${n}.${member}`]} />
        ))}
        <Field name="sql" label="SQL" fault={faults.sql ?? faults.parameters}>
          {(own) => (
            <textarea {...own} rows={9} required spellcheck={false} autocomplete="off">
              {draft.sql}
            </textarea>
          )}
        </Field>
        {draft.engine !== USUAL_ENGINE && (
          <p class="note">
            It asks the lake, in the SQL of DuckDB.
            <input type="hidden" name="engine" value={draft.engine} />
          </p>
        )}
        {refused}
        {isTaken && (
          <label class="choice">
            <input type="checkbox" name="replace" value="yes" checked={draft.isReplacing} /> Replace the saved report of
            this name
          </label>
        )}
        <button class="main" type="submit" name="save" value="yes">
          Save
        </button>
      </form>
    </>
  );
}

function ParameterFields(props: { parameter: DraftParameter; faultOf(member: string): string | undefined }) {
  const { parameter, faultOf } = props;
  const { name, type } = parameter;
  const nameFault = faultOf('name');
  return (
    <fieldset>
      <legend>
        <code>:{visibleText(name)}</code> {nameFault !== undefined && <Fault fault={nameFault} />}
      </legend>
      <Field name={`description.${name}`} label="What the parameter is for" fault={faultOf('description')}>
        {(own) => <input {...own} value={parameter.description} required maxlength={1000} autocomplete="off" />}
      </Field>
      <Field name={`type.${name}`} label="Type" fault={faultOf('type')}>
        {(own) => (
          <select {...own}>
            {PARAMETER_TYPES.map((one) => (
              <option value={one} selected={one === type}>
                {one}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name={`default.${name}`} label="Default value" fault={faultOf('default')}>
        {(own) => <input {...own} value={parameter.default} autocomplete="off" spellcheck={false} />}
      </Field>
      <label class="choice">
        <input type="checkbox" name={`needed.${name}`} value="yes" checked={parameter.isNeeded} /> It must be given
      </label>
    </fieldset>
  );
}

interface Own {
  name: string;
  id: string;
  'aria-invalid'?: 'true';
  'aria-describedby'?: string;
}

function Field(props: { name: string; label: string; fault: string | undefined; children: (own: Own) => Child }) {
  const { name, label, fault, children } = props;
  const id = `field-${name}`;
  const faulty = fault === undefined ? {} : ({ 'aria-invalid': 'true', 'aria-describedby': `fault-${name}` } as const);
  return (
    <div>
      <label for={id}>{label}</label>
      {children({ name, id, ...faulty })}
      {fault !== undefined && <Fault id={`fault-${name}`} fault={fault} />}
    </div>
  );
}
