import type { FilterName } from '../../../../questions/filters.ts';

/** What addresses of the console called filters before they had the API's names: links in tickets and mails have them. */
const OLD_NAMES: Readonly<Record<string, FilterName>> = {
  document: 'documentName',
  instance: 'instanceId',
  name: 'instanceName',
  command: 'commandId',
  from: 'requestedAfter',
  to: 'requestedBefore',
};

/** Where an address with old names leads now, or undefined where it has none. Its cursor goes: it was bound to the old names. */
export function pathOfOldAddress(url: string): string | undefined {
  const { pathname, searchParams } = new URL(url);
  if (![...searchParams.keys()].some((name) => Object.hasOwn(OLD_NAMES, name))) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of searchParams)
    if (name !== 'cursor') query.append(Object.hasOwn(OLD_NAMES, name) ? (OLD_NAMES[name] ?? name) : name, value);
  return `${pathname}?${query}`;
}
