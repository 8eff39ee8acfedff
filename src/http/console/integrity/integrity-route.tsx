import { listCheckpoints } from '../../../archive/checkpoints/list-checkpoints.ts';
import { listHolds } from '../../../archive/holds/list-holds.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { verifiedOf } from '../parts/charts/shared-reads.ts';
import { IntegrityPage } from './integrity-page.tsx';

const CHECKPOINTS = 10;
const PRUNINGS = 20;

/** `/integrity`: whether anything was changed or removed. */
export function addIntegrityRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, readers, readDeadlineMs } = deps;

  app.get('/integrity', async (c) => {
    const tombstones = await readers.read('listTombstones', { limit: PRUNINGS + 1 }, readOptions(c, readDeadlineMs));
    const content = {
      verified: verifiedOf(deps),
      unsigned: deps.server?.signing().fault ?? undefined,
      checkpoints: listCheckpoints(archive, { limit: CHECKPOINTS }).items,
      holds: listHolds(archive),
      tombstones: tombstones.slice(0, PRUNINGS),
      hasMoreTombstones: tombstones.length > PRUNINGS,
    };
    return respondPage(deps, c, { title: 'Integrity', section: '/integrity' }, <IntegrityPage {...content} />);
  });
}
