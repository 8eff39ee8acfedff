import type { ReportParameter } from '../../lib/report.ts';

/** The span of requested time that most reports are about: the last thirty days, `from` in it and `to` not. */
export const SPAN_PARAMETERS: readonly ReportParameter[] = [
  { name: 'from', type: 'time', description: 'Start of the span of requested time, in it.', default: '-30d' },
  { name: 'to', type: 'time', description: 'End of the span of requested time, not in it.', default: 'now' },
];

/** A text that narrows a report where it is given; its default, nothing, leaves all in. */
export function filterParameter(name: string, what: string): ReportParameter {
  return { name, type: 'text', description: `Only ${what}; all where it is empty.`, default: '' };
}

/** On whose clocks days and hours are told. */
export const TIME_ZONE_PARAMETER: ReportParameter = {
  name: 'time_zone',
  type: 'zone',
  description: 'On whose clocks: the name of a time zone, such as Europe/Berlin.',
  default: 'UTC',
};
