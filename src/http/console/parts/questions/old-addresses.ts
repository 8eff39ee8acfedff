import type { FilterName } from '../../../../questions/filters.ts';

/**
 * The names of filters in old addresses of the console. Now they are the API's names, but links in tickets and mails
 * still use the old ones.
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
 * Returns the new form of an address with old names, or undefined if it has no old name. The cursor is removed, because
 * it works only with the old names.
 */
export function pathOfOldAddress(url: string): string | undefined {
  const { pathname, searchParams } = new URL(url);
  if (![...searchParams.keys()].some((name) => Object.hasOwn(OLD_NAMES, name))) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of searchParams)
    if (name !== 'cursor') query.append(Object.hasOwn(OLD_NAMES, name) ? (OLD_NAMES[name] ?? name) : name, value);
  return `${pathname}?${query}`;
}
