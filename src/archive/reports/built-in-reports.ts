import type { Report } from '../../questions/reports/report.ts';
import { commandsByPrincipal } from './commands-by-principal.ts';
import { coverageGaps } from './coverage-gaps.ts';
import { failuresByDocumentAndWeek } from './failures-by-document-and-week.ts';
import { firstEverDocuments } from './first-ever-documents.ts';
import { nodesNotPatched } from './nodes-not-patched.ts';
import { outOfHoursRuns } from './out-of-hours-runs.ts';
import { outputChanges } from './output-changes.ts';
import { outputOutliers } from './output-outliers.ts';
import { secretLookingOutputs } from './secret-looking-outputs.ts';
import { slowestSteps } from './slowest-steps.ts';
import { statusByNode } from './status-by-node.ts';
import { unfinished } from './unfinished.ts';
import { whatRan } from './what-ran.ts';

/** The reports that ship with ssm-archive, by name. */
export const BUILT_IN_REPORTS: readonly Report[] = [
  commandsByPrincipal,
  coverageGaps,
  failuresByDocumentAndWeek,
  firstEverDocuments,
  nodesNotPatched,
  outOfHoursRuns,
  outputChanges,
  outputOutliers,
  secretLookingOutputs,
  slowestSteps,
  statusByNode,
  unfinished,
  whatRan,
];
