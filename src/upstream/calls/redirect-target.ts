import { visibleText } from '../../lib/text/visible-text.ts';

const MOST_CHARACTERS = 200;

/**
 * Returns where a redirect points, as people may see it: without its query, which may hold a secret, and without a name
 * and a password. Returns undefined if there is no Location, or if it is not an HTTP address.
 */
export function redirectTarget(location: string | null | undefined, base: string): string | undefined {
  if (!location || !URL.canParse(location, base)) return undefined;
  const { protocol, origin, pathname } = new URL(location, base);
  if (!/^https?:$/.test(protocol)) return undefined;
  return visibleText(`${origin}${pathname === '/' ? '' : pathname}`).slice(0, MOST_CHARACTERS);
}
