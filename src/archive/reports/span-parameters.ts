import type { ParameterFilter } from '../../questions/filter-groups.ts';
import type { ReportParameter } from '../../questions/reports/report.ts';

/** The span of requested time that most reports are about: the last thirty days, `from` in it and `to` not. */
export const SPAN_PARAMETERS: readonly ReportParameter[] = [
  { name: 'from', type: 'time', description: 'Start of the span of requested time, in it.', default: '-30d' },
  { name: 'to', type: 'time', description: 'End of the span of requested time, not in it.', default: 'now' },
];

/** The names that reports have for filters, and what each narrows them to. */
const NARROWS = {
  account: { filter: 'account', what: 'this account' },
  document: { filter: 'documentName', what: 'this document' },
  node: { filter: 'instanceId', what: 'the node with this id' },
  command: { filter: 'commandId', what: 'the command with this id' },
} as const satisfies Record<string, { filter: ParameterFilter; what: string }>;

/** A text that narrows a report where it is given; its default, nothing, leaves all in. */
export function filterParameter(name: keyof typeof NARROWS): ReportParameter {
  const { filter, what } = NARROWS[name];
  return { name, type: 'text', description: `Only ${what}; all where it is empty.`, default: '', filter };
}

/** On whose clocks days and hours are told. */
export const TIME_ZONE_PARAMETER: ReportParameter = {
  name: 'time_zone',
  type: 'zone',
  description: 'On whose clocks: the name of a time zone, such as Europe/Berlin.',
  default: 'UTC',
};
