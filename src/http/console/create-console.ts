import { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import { holdToAddresses } from './addresses/hold-to-addresses.ts';
import { addCollectorRoutes } from './collector/collector-route.tsx';
import { addCommandRoute } from './command/command-route.tsx';
import { addCompareRoute } from './compare/compare-route.tsx';
import type { ConsoleApp } from './console-app.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { addCoverageRoute } from './coverage/coverage-route.tsx';
import { addDisplayRoutes } from './display/display-route.tsx';
import { addDocumentRoute } from './document/document-route.tsx';
import { addEvidenceRoute } from './evidence/evidence-route.tsx';
import { addAssetsRoute } from './frame/assets-route.ts';
import { respondFailure } from './frame/respond-page.tsx';
import { addGlossaryRoute } from './glossary/glossary-route.tsx';
import { addIntegrityRoute } from './integrity/integrity-route.tsx';
import { addInvocationRoutes } from './invocation/invocation-route.tsx';
import { addInvocationsRoute } from './invocations/invocations-route.tsx';
import { addSuggestionsRoute } from './invocations/suggestions-route.ts';
import { addListRoutes } from './lists/list-routes.tsx';
import { addNodeRoute } from './node/node-route.tsx';
import { addOutputRoute } from './output/output-route.tsx';
import { addOverviewRoute } from './overview/overview-route.tsx';
import { addReportRoutes } from './reports/reports-route.tsx';
import { addSaveReportRoute } from './reports/save-report-route.tsx';
import { addSqlRoute } from './sql/sql-route.tsx';

const ROUTES = [
  addAssetsRoute,
  addDisplayRoutes,
  addOverviewRoute,
  addInvocationsRoute,
  addInvocationRoutes,
  addOutputRoute,
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

/** The pages of the console. The server makes them, and each has its own address. */
export function createConsole(deps: ConsoleDeps): ConsoleApp {
  const app: ConsoleApp = new Hono<AccessEnv>();
  // The check of addresses must come before the routes, because routes read from the archive.
  holdToAddresses(app, deps);
  for (const addRoute of ROUTES) addRoute(app, deps);
  app.onError((error, c) => respondFailure(deps, c, error));
  return app;
}
