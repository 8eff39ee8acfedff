import type { Child } from 'hono/jsx';
import type { Caller } from '../../../access/caller.ts';
import { hasRole, type Role } from '../../../access/roles.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { type Page, respondPage } from './respond-page.tsx';

interface Guarded {
  /** The guarded paths. All methods are guarded. */
  paths: readonly string[];
  needed: Role;
  page: Omit<Page, 'status'>;
  /** The page for all other callers, including unknown ones. */
  refusal(caller: Caller | undefined): Child;
}

/**
 * Shows these pages only to callers with this role, or with a role that includes it. Others get a page that says which
 * role they need.
 */
export function guardRole(app: ConsoleApp, deps: ConsoleDeps, { paths, needed, page, refusal }: Guarded): void {
  for (const path of paths) {
    app.use(path, async (c, next) => {
      const caller = c.get('caller');
      if (caller && hasRole(caller.role, needed)) return next();
      return respondPage(deps, c, { ...page, status: 403 }, refusal(caller));
    });
  }
}
