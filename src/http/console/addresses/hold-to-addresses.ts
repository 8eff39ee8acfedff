import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { faultsOfNames } from '../parts/questions/asked-faults.ts';
import { PAGE_ADDRESSES, takenBy } from './page-addresses.ts';

/**
 * Refuses an address with a parameter that its page does not know, or with two values for a parameter that may be given
 * only once. Nothing is read from the archive before this check.
 */
export function holdToAddresses(app: ConsoleApp, deps: ConsoleDeps): void {
  for (const [route, { title, section, saysItself }] of Object.entries(PAGE_ADDRESSES)) {
    if (saysItself) continue;
    app.use(route, async (c, next) => {
      // A form that is posted has its fields in the body, not in the address.
      if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next();
      const queries = c.req.queries();
      const faults = faultsOfNames(queries, takenBy(route, queries));
      return faults.length === 0 ? next() : respondNotUnderstood(deps, c, { title, section }, { faults });
    });
  }
}
