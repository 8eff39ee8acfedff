import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { noSpan } from '../time/read-time.ts';
import { filterValue } from './filter-value.ts';
import { type ParameterValue, parameterValue } from './parameter-value.ts';
import type { Report } from './report.ts';

/** The fault of one field. `message` is worded to come after the field's name. */
export interface ReportFault {
  field: string;
  message: string;
}

/** The values for a report's parameters are wrong. `faults` has all faults, by parameter. */
export class ReportValuesInvalid extends UserFault {
  override name = 'ReportValuesInvalid';
  readonly faults: readonly ReportFault[];

  constructor(report: string, faults: readonly ReportFault[]) {
    super([`${report} can't be run with these values:`, ...faults.map((f) => `  ${f.field}: ${f.message}`)], {
      exitCode: 2,
    });
    this.faults = faults;
  }
}

/**
 * Returns the fault of a span that ends before it begins, for a report with the parameters `from` and `to`. If they are
 * times, they must also not be equal.
 */
function faultsOfSpan({ parameters }: Report, { from, to }: Record<string, ParameterValue>): ReportFault[] {
  const isOf = (type: string) =>
    ['from', 'to'].every((name) => parameters.some((one) => one.name === name && one.type === type));
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const isNone = isOf('time') ? from >= to : isOf('date') && from > to;
  return isNone ? [{ field: 'to', message: noSpan({ name: 'from', at: from }, { name: 'to', at: to }) }] : [];
}

/** Former parameters of reports, and what replaces them. */
const REPLACED: ReadonlyMap<string, { name: string; reason: string }> = new Map([
  [
    'utc_offset_minutes',
    {
      name: 'time_zone',
      reason:
        'give the name of a time zone, such as Europe/Berlin. A fixed offset is wrong for a part of the year if the zone has summer time',
    },
  ],
]);

/**
 * Returns the values to bind to a report's `:names`: those given, or the defaults. Relative times count from `now`.
 * Throws ReportValuesInvalid with every parameter that is missing, unknown, of another type, or not a value of its
 * filter. `statuses` is as in filterValue.
 */
export function bindReport(
  report: Report,
  given: Readonly<Record<string, string>>,
  now: Date,
  statuses?: (() => Iterable<string>) | undefined,
): Record<string, ParameterValue> {
  const faults: ReportFault[] = [];
  const values: Record<string, ParameterValue> = {};
  for (const { name, type, description, default: otherwise, filter } of report.parameters) {
    const text = Object.hasOwn(given, name) ? given[name] : otherwise;
    if (text === undefined) {
      faults.push({ field: name, message: `is needed: ${description}` });
      continue;
    }
    const read = parameterValue(type, text, now);
    if ('value' in read) {
      const held = filter === undefined || type !== 'text' ? read : filterValue(filter, text, statuses);
      if ('value' in held) values[name] = held.value;
      else faults.push({ field: name, message: held.fault });
    } else faults.push({ field: name, message: `must be ${read.expected}, not ${JSON.stringify(text)}` });
  }
  faults.push(...faultsOfSpan(report, values));
  const known = report.parameters.map(({ name }) => name);
  for (const field of Object.keys(given)) {
    if (known.includes(field)) continue;
    const instead = REPLACED.get(field);
    if (instead !== undefined && known.includes(instead.name)) {
      faults.push({ field, message: `was replaced by ${instead.name}: ${instead.reason}` });
      continue;
    }
    const there = known.length > 0 ? `; its parameters are ${known.join(', ')}` : ', which has no parameters';
    const near = proposalOf(nearNames(field, known));
    faults.push({ field, message: `is not a parameter of ${report.name}${there}${near && `.${near}`}` });
  }
  if (faults.length > 0) throw new ReportValuesInvalid(report.name, faults);
  return values;
}
