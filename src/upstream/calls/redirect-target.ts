import { visibleText } from '../../lib/text/visible-text.ts';

const MOST_CHARACTERS = 200;

/**
 * Where a redirect points, to be shown to people: without its query, which may hold what is secret, and without a name and a password.
 * Undefined where there is no Location, or none that is an address of HTTP.
 */
export function redirectTarget(location: string | null | undefined, base: string): string | undefined {
  if (!location || !URL.canParse(location, base)) return undefined;
  const { protocol, origin, pathname } = new URL(location, base);
  if (!/^https?:$/.test(protocol)) return undefined;
  return visibleText(`${origin}${pathname === '/' ? '' : pathname}`).slice(0, MOST_CHARACTERS);
}
