/**
 * The address without one of its parameters. The cursor is removed too, because it works only in the list for which it
 * was made.
 */
export function pathWithout(url: string, parameter: string): string {
  return pathWith(url, parameter, undefined);
}

/** The address with another value for one of its parameters. */
export function pathWith(url: string, parameter: string, value: string | undefined): string {
  const { pathname, searchParams } = new URL(url);
  if (value === undefined) searchParams.delete(parameter);
  else searchParams.set(parameter, value);
  searchParams.delete('cursor');
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
