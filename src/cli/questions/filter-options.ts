import { type Command, Option } from '@commander-js/extra-typings';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { FILTERS, type FilterName, type InvocationFilter } from '../../questions/filters.ts';
import { readFilters } from '../../questions/read-filters.ts';
import type { ReadingContext } from '../../questions/reading.ts';
import { collected } from '../options/collected.ts';

/**
 * Adds an option for each of these filters. The help shows them after the command's other options, under a heading of
 * their own.
 */
export function addFilterOptions(command: Pick<Command, 'addOption'>, names: readonly FilterName[]): void {
  for (const name of names) {
    const option = optionOf(name);
    // An option that is given twice adds a value or is refused. If only the last value counted, another question would
    // be answered.
    command.addOption(option.argParser(collected).helpGroup('Filters:'));
  }
}

/** Whether any of these options was given. */
export function hasFilterOptions(options: object, names: readonly FilterName[]): boolean {
  return names.some((name) => Object.hasOwn(options, optionOf(name).attributeName()));
}

/**
 * Returns the filter that the options ask for. Throws UserFault (exit code 2), which names each option that is wrong.
 */
export function readFilterOptions(
  options: object,
  names: readonly FilterName[],
  context: ReadingContext,
): InvocationFilter {
  const given = new Map<string, unknown>(Object.entries(options));
  const typed: Partial<Record<FilterName, string[]>> = {};
  for (const name of names) {
    const values = given.get(optionOf(name).attributeName());
    if (Array.isArray(values)) typed[name] = values.map(String);
  }
  const { filter, faults } = readFilters(typed, context, longOf);
  if (faults.length > 0)
    throw new UserFault(
      faults.map(({ filter: name, message }) => `${longOf(name)} ${message}${/[.?]$/.test(message) ? '' : '.'}`),
      { exitCode: 2 },
    );
  return filter;
}

/** Returns the options as part of a sentence: `--account, --region or --status`. */
export function namesOfOptions(names: readonly FilterName[]): string {
  const options = names.map(longOf);
  return [options.slice(0, -1).join(', '), options.at(-1)].filter(Boolean).join(' or ');
}

/** Returns a filter's option as it is typed: `--document`. */
export function longOf(name: FilterName): string {
  return optionOf(name).long ?? name;
}

function optionOf(name: FilterName): Option {
  const { flags, says } = FILTERS[name].option;
  return new Option(flags, says);
}
