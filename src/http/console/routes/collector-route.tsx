import { listRuns } from '../../../archive/list-runs.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { CollectorPage } from '../pages/collector-page.tsx';
import type { ConsoleApp } from './console-app.ts';

/** `/collector`: passes. */
export function addCollectorRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/collector', (c) => {
    const { items } = listRuns(deps.archive, { limit: 20 });
    return respondPage(deps, c, { title: 'Collector', section: '/collector' }, <CollectorPage runs={items} />);
  });
}
