import type { ParameterFilter } from '../../questions/filter-groups.ts';
import type { ReportParameter } from '../../questions/reports/report.ts';

/**
 * The span of requested time that most reports are about: the last thirty days, `from` inclusive and `to` exclusive.
 */
export const SPAN_PARAMETERS: readonly ReportParameter[] = [
  { name: 'from', type: 'time', description: 'Start of the span of requested time, inclusive.', default: '-30d' },
  { name: 'to', type: 'time', description: 'End of the span of requested time, exclusive.', default: 'now' },
];

/** The names of the filters in reports, and what each filter limits a report to. */
const NARROWS = {
  account: { filter: 'account', what: 'this account' },
  document: { filter: 'documentName', what: 'this document' },
  node: { filter: 'instanceId', what: 'the node with this id' },
  command: { filter: 'commandId', what: 'the command with this id' },
} as const satisfies Record<string, { filter: ParameterFilter; what: string }>;

/** A text that limits a report if it is given. Its default is empty, which limits nothing. */
export function filterParameter(name: keyof typeof NARROWS): ReportParameter {
  const { filter, what } = NARROWS[name];
  return { name, type: 'text', description: `Only ${what}; all if it is empty.`, default: '', filter };
}

/** The time zone for days and hours. */
export const TIME_ZONE_PARAMETER: ReportParameter = {
  name: 'time_zone',
  type: 'zone',
  description: 'The time zone for days and hours, such as Europe/Berlin.',
  default: 'UTC',
};
