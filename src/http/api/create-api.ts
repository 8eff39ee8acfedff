import { type ApiApp, newApiApp } from './api-app.ts';
import type { ApiDeps } from './api-deps.ts';
import { addCertificateRoute } from './certificate.ts';
import { addCheckpointRoutes } from './checkpoints.ts';
import { addCommandRoutes } from './commands.ts';
import { addCompareRoute } from './compare.ts';
import { addEvidenceRoute } from './evidence.ts';
import { addInstanceRoutes } from './instances.ts';
import { addInvocationRoutes } from './invocations.ts';
import { addLedgerEntryRoute } from './ledger-entries.ts';
import { addLedgerTileRoutes } from './ledger-tiles.ts';
import { addMetricsRoute } from './metrics.ts';
import { noteUnsearchable } from './note-unsearchable.ts';
import { addPassRoutes } from './passes.ts';
import { addProofRoutes } from './proofs.ts';
import { addReportRoutes } from './reports.ts';
import { addSavedReportRoutes } from './saved-reports.ts';
import { addSqlRoutes } from './sql.ts';
import { addSqlSchemaRoute } from './sql-schema.ts';
import { addStatsRoute } from './stats.ts';
import { timesFromNow } from './times-from-now.ts';

/** The routes that read the archive; whoever mounts them sees to tokens, roles and errors. */
export function createApi(deps: ApiDeps): ApiApp {
  const app = newApiApp();
  app.use('/v1/*', timesFromNow(deps.now));
  for (const path of ['/v1/invocations', '/v1/stats']) app.use(path, noteUnsearchable(deps));
  addInvocationRoutes(app, deps);
  addCommandRoutes(app, deps);
  addInstanceRoutes(app, deps);
  addStatsRoute(app, deps);
  addSqlRoutes(app, deps);
  addReportRoutes(app, deps);
  addSavedReportRoutes(app, deps);
  addCompareRoute(app, deps);
  addPassRoutes(app, deps);
  addCertificateRoute(app, deps);
  addEvidenceRoute(app, deps);
  addCheckpointRoutes(app, deps);
  addLedgerTileRoutes(app, deps);
  addLedgerEntryRoute(app, deps);
  addProofRoutes(app, deps);
  addSqlSchemaRoute(app, deps);
  addMetricsRoute(app, deps);
  return app;
}
