import { z } from 'zod';
import type { InvocationFilter } from '../../../archive/invocation-filter.ts';
import { parseSearch, SearchInvalid } from '../../../lib/parse-search.ts';
import { parseTime } from '../../../lib/parse-time.ts';
import { statusesOf } from './statuses.ts';

const text = z.string().trim().max(500, 'must have at most 500 characters');
const time = text.transform((value, context) => {
  if (value === '') return '';
  const at = parseTime(value);
  if (at !== undefined) return at;
  context.addIssue(`must be a date such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z, not "${value}"`);
  return z.NEVER;
});
const search = text.transform((value, context) => {
  try {
    return value === '' ? undefined : parseSearch(value);
  } catch (error) {
    if (!(error instanceof SearchInvalid)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
});

/** The fields of the filter bar, each with its label. */
export const FIELDS = {
  account: 'Account',
  region: 'Region',
  document: 'Document',
  instance: 'Node',
  name: 'Node name begins with',
  command: 'Command',
  status: 'Status',
  from: 'Requested from (UTC)',
  to: 'Requested before (UTC)',
  q: 'Output contains',
} as const;

export type Field = keyof typeof FIELDS;

const FORMS: Record<Field, z.ZodType<string | undefined, string>> = {
  ...{ account: text, region: text, document: text, instance: text, name: text, command: text, status: text },
  ...{ from: time, to: time, q: search },
};

/** What a view of invocations asks for, as it was typed and as it is asked; and what is wrong with it, by field. */
export interface View {
  typed: Partial<Record<Field, string>>;
  filter: InvocationFilter;
  faults: Partial<Record<Field, string>>;
}

/** Reads the fields out of a query. What is wrong is left out of the filter, and told. */
export function readView(query: Record<string, string | undefined>): View {
  const view: View = { typed: {}, filter: {}, faults: {} };
  const values: Partial<Record<Field, string>> = {};
  for (const field of fieldNames()) {
    const typed = query[field]?.trim() ?? '';
    if (typed === '') continue;
    view.typed[field] = typed;
    const parsed = FORMS[field].safeParse(typed);
    if (!parsed.success) view.faults[field] = parsed.error.issues[0]?.message ?? 'can not be read';
    else if (parsed.data !== undefined) values[field] = parsed.data;
  }
  const { account, region, document, instance, name, command, status, from, to, q } = values;
  view.filter = {
    ...{ accountId: account, region, documentName: document, instanceId: instance, commandId: command },
    ...(status !== undefined && { statuses: statusesOf(status) }),
    ...{ instanceNamePrefix: name, requestedAfter: from, requestedBefore: to },
    ...(q !== undefined && { step: { match: q } }),
  };
  return view;
}

/** The fields, in the order in which they are shown. */
export function fieldNames(): Field[] {
  return Object.keys(FIELDS).filter((name): name is Field => name in FIELDS);
}

/** What a link to a view may have beside its fields. */
export type ViewChanges = Partial<Record<Field | 'cursor' | 'sort', string | undefined>>;

/** The view with some fields otherwise, as a path; a field that is undefined goes. */
export function pathOfView(typed: View['typed'], changes: ViewChanges = {}, columns: readonly string[] = []): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...typed, ...changes })) if (value) query.set(name, value);
  for (const column of columns) query.append('column', column);
  const asked = query.toString();
  return asked === '' ? '/invocations' : `/invocations?${asked}`;
}
