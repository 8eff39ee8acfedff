const HERE = 'http://here.invalid';

/**
 * Returns the path on this server that `next` names, for the redirect after a login; `/` if `next` leads to another
 * server.
 */
export function safeNext(next: string | undefined): string {
  // Browsers, like the class URL, read "//host", "/\host" and "/<tab>/host" as another host.
  if (!next?.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const url = new URL(next, HERE);
  if (url.origin !== HERE) return '/';
  const path = url.pathname + url.search + url.hash;
  // "/.//host" has this server's origin, but its path would be read as a host.
  return path.startsWith('//') ? '/' : path;
}
