import { FILTER_NAMES } from '../../../questions/filters.ts';
import { namedParameters } from '../../../questions/sql/sql-parameters.ts';
import type { Section } from '../frame/layout.tsx';
import type { TakenNames } from '../parts/questions/asked-faults.ts';

type Queries = Record<string, string[]>;

/** The parameters that the address of a page may have. */
interface PageAddress {
  title: string;
  section?: Section;
  /** The names; a function if they depend on the other parameters of the address. */
  takes: TakenNames | ((queries: Queries) => TakenNames);
  /** Set if the page itself shows the faults of its address, below its form. */
  saysItself?: true;
}

const NOTHING = { names: [] } as const;
const RANGE = { names: ['from', 'to'] } as const;

/**
 * The parameters that each page of the console allows, by its route. All other parameters are refused before anything
 * is read: if a page ignored a parameter, it would show more than was asked for. `/reports/:name` also allows the
 * parameters of its report.
 */
export const PAGE_ADDRESSES: Readonly<Record<string, PageAddress>> = {
  '/': { title: 'Overview', section: '/', takes: RANGE },
  '/invocations': {
    ...{ title: 'Invocations', section: '/invocations', saysItself: true },
    takes: { names: [...FILTER_NAMES, 'sort', 'column', 'cursor'], many: [...FILTER_NAMES, 'column'] },
  },
  '/invocations/:accountId/:region/:commandId/:instanceId': {
    ...{ title: 'Invocation', section: '/invocations', takes: NOTHING },
  },
  '/invocations/:accountId/:region/:commandId/:instanceId/steps/:position/output': {
    ...{ title: 'Output', section: '/invocations', takes: NOTHING },
  },
  '/invocations/:accountId/:region/:commandId/:instanceId/steps/:position/outputs/:stream': {
    ...{ title: 'Full output', section: '/invocations', takes: { names: ['provenance', 'line', 'from', 'all'] } },
  },
  '/compare': { title: 'Compare', takes: { names: ['left', 'right'] } },
  '/evidence': {
    ...{ title: 'Evidence pack', saysItself: true },
    takes: { names: FILTER_NAMES, many: FILTER_NAMES },
  },
  '/commands': { title: 'Commands', section: '/commands', takes: { names: ['cursor'] } },
  '/commands/:accountId/:region/:commandId': { title: 'Command', section: '/commands', takes: { names: ['asOf'] } },
  '/nodes': { title: 'Nodes', section: '/nodes', takes: { names: ['begin', 'cursor'] } },
  '/nodes/:accountId/:region/:instanceId': { title: 'Node', section: '/nodes', takes: RANGE },
  '/documents': { title: 'Documents', section: '/documents', takes: { names: ['cursor'] } },
  '/documents/:documentName': { title: 'Document', section: '/documents', takes: RANGE },
  '/coverage': { title: 'Coverage', section: '/coverage', takes: RANGE },
  '/integrity': { title: 'Integrity', section: '/integrity', takes: NOTHING },
  '/glossary': { title: 'Glossary', section: '/glossary', takes: NOTHING },
  '/display': { title: 'Display', takes: { names: ['next'] } },
  '/collector': { title: 'Collector', section: '/collector', takes: { names: ['before'] } },
  '/collector/passes/:id': { title: 'Pass', section: '/collector', takes: NOTHING },
  '/collector/sweeps': {
    ...{ title: 'Sweeps', section: '/collector' },
    takes: { names: ['account', 'region', 'outcome', 'day', 'before'] },
  },
  '/sql': {
    ...{ title: 'SQL', section: '/sql', saysItself: true },
    takes: (queries) => ({ names: ['sql', 'engine', 'limit', 'explain', ...parametersOf(queries)] }),
  },
  '/sql/save': { title: 'Save as a report', section: '/sql', takes: (queries) => ({ names: namesOfDraft(queries) }) },
  '/reports': { title: 'Reports', section: '/reports', takes: NOTHING },
  '/reports/:name': { title: 'Report', section: '/reports', saysItself: true, takes: { names: ['limit'] } },
  '/reports/:name/delete': { title: 'Delete a report', section: '/reports', takes: NOTHING },
};

/** Returns the parameters that a page allows; for some routes they depend on the other parameters of the address. */
export function takenBy(route: keyof typeof PAGE_ADDRESSES, queries: Queries): TakenNames {
  const takes = PAGE_ADDRESSES[route]?.takes ?? NOTHING;
  return typeof takes === 'function' ? takes(queries) : takes;
}

/** The parameters of the SQL in the address, with their sign: `:from`. */
function parametersOf({ sql: [sql = ''] = [] }: Queries): string[] {
  return namedParameters(sql);
}

/** The fields of the form that saves a question as a report. */
function namesOfDraft(queries: Queries): string[] {
  const ofParameters = parametersOf(queries).flatMap((written) => {
    const name = written.slice(1);
    return [written, `type.${name}`, `description.${name}`, `default.${name}`, `needed.${name}`];
  });
  // The form of the SQL page also sends the limit of rows.
  return ['sql', 'engine', 'limit', 'name', 'description', 'replace', ...ofParameters];
}
