import { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import { holdToAddresses } from './addresses/hold-to-addresses.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { respondFailure } from './frame/respond-page.tsx';
import { addAssetsRoute } from './routes/assets-route.ts';
import { addCollectorRoutes } from './routes/collector-route.tsx';
import { addCommandRoute } from './routes/command-route.tsx';
import { addCompareRoute } from './routes/compare-route.tsx';
import type { ConsoleApp } from './routes/console-app.ts';
import { addCoverageRoute } from './routes/coverage-route.tsx';
import { addDisplayRoutes } from './routes/display-route.tsx';
import { addDocumentRoute } from './routes/document-route.tsx';
import { addEvidenceRoute } from './routes/evidence-route.tsx';
import { addGlossaryRoute } from './routes/glossary-route.tsx';
import { addIntegrityRoute } from './routes/integrity-route.tsx';
import { addInvocationRoutes } from './routes/invocation-route.tsx';
import { addInvocationsRoute } from './routes/invocations-route.tsx';
import { addListRoutes } from './routes/list-routes.tsx';
import { addNodeRoute } from './routes/node-route.tsx';
import { addOverviewRoute } from './routes/overview-route.tsx';
import { addReportRoutes } from './routes/reports-route.tsx';
import { addSaveReportRoute } from './routes/save-report-route.tsx';
import { addSqlRoute } from './routes/sql-route.tsx';
import { addSuggestionsRoute } from './routes/suggestions-route.ts';

const ROUTES = [
  addAssetsRoute,
  addDisplayRoutes,
  addOverviewRoute,
  addInvocationsRoute,
  addInvocationRoutes,
  addCompareRoute,
  addEvidenceRoute,
  addListRoutes,
  addCommandRoute,
  addNodeRoute,
  addDocumentRoute,
  addSuggestionsRoute,
  addCoverageRoute,
  addIntegrityRoute,
  addGlossaryRoute,
  addCollectorRoutes,
  addSqlRoute,
  addSaveReportRoute,
  addReportRoutes,
];

/** The pages of the console: each a view of the archive with an address, made on the server. */
export function createConsole(deps: ConsoleDeps): ConsoleApp {
  const app: ConsoleApp = new Hono<AccessEnv>();
  // Before the routes, which read what they are asked for.
  holdToAddresses(app, deps);
  for (const addRoute of ROUTES) addRoute(app, deps);
  app.onError((error, c) => respondFailure(deps, c, error));
  return app;
}
