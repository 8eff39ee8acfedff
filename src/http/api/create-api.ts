import { noteUnsearchable } from './answers/note-unsearchable.ts';
import { timesFromNow } from './answers/times-from-now.ts';
import { type ApiApp, newApiApp } from './api-app.ts';
import type { ApiDeps } from './api-deps.ts';
import { addCertificateRoute } from './coverage/certificate.ts';
import { addEvidenceRoute } from './evidence.ts';
import { addCommandRoutes } from './history/commands.ts';
import { addCompareRoute } from './history/compare.ts';
import { addInstanceRoutes } from './history/instances.ts';
import { addInvocationRoutes } from './history/invocations.ts';
import { addOutputRoute } from './history/outputs.ts';
import { addStatsRoute } from './history/stats.ts';
import { addCheckpointRoutes } from './ledger/checkpoints.ts';
import { addLedgerEntryRoute } from './ledger/ledger-entries.ts';
import { addLedgerTileRoutes } from './ledger/ledger-tiles.ts';
import { addProofRoutes } from './ledger/proofs.ts';
import { addMetricsRoute } from './metrics/metrics.ts';
import { addPassRoutes } from './passes/passes.ts';
import { addReportRoutes } from './reports/reports.ts';
import { addSavedReportRoutes } from './reports/saved-reports.ts';
import { addSqlRoutes } from './sql/sql.ts';
import { addSqlSchemaRoute } from './sql/sql-schema.ts';

/** The routes that read the archive. The code that mounts them handles tokens, roles and errors. */
export function createApi(deps: ApiDeps): ApiApp {
  const app = newApiApp();
  app.use('/v1/*', timesFromNow(deps.now));
  for (const path of ['/v1/invocations', '/v1/stats']) app.use(path, noteUnsearchable(deps));
  addInvocationRoutes(app, deps);
  addOutputRoute(app, deps);
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
