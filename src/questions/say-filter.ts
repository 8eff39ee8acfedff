import { FILTER_NAMES, FILTERS, type InvocationFilter } from './filters.ts';

/**
 * Returns a filter as text for a person: `Account: 111122223333; Status: Failed, TimedOut`. Empty if the filter has no
 * values.
 */
export function sayFilter(filter: InvocationFilter): string {
  return FILTER_NAMES.flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [`${FILTERS[name].label}: ${valueText(value)}`];
  }).join('; ');
}

function valueText(value: NonNullable<InvocationFilter[keyof InvocationFilter]>): string {
  if (typeof value === 'string') return value;
  return 'operator' in value ? `${value.operator} ${value.code}` : value.join(', ');
}
