import type { FilterName } from '../../../../questions/filters.ts';

/**
 * The names that filters had in addresses of the console before they got the API's names. Links in tickets and mails
 * still use them.
 */
const OLD_NAMES: Readonly<Record<string, FilterName>> = {
  document: 'documentName',
  instance: 'instanceId',
  name: 'instanceName',
  command: 'commandId',
  from: 'requestedAfter',
  to: 'requestedBefore',
};

/**
 * Returns the new form of an address with old names, or undefined if it has none. Its cursor is removed, since it was
 * bound to the old names.
 */
export function pathOfOldAddress(url: string): string | undefined {
  const { pathname, searchParams } = new URL(url);
  if (![...searchParams.keys()].some((name) => Object.hasOwn(OLD_NAMES, name))) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of searchParams)
    if (name !== 'cursor') query.append(Object.hasOwn(OLD_NAMES, name) ? (OLD_NAMES[name] ?? name) : name, value);
  return `${pathname}?${query}`;
}
