import { describe } from 'vitest';
import { browserTrial } from './browser-trial.ts';
import { describeSql } from './journeys/ask-by-sql.ts';
import { describeAudit } from './journeys/audit-the-archive.ts';
import { describeLinks } from './journeys/come-by-a-link.ts';
import { describeComparing } from './journeys/compare-runs.ts';
import { describeFailures } from './journeys/find-a-failure.ts';
import { describeCollecting } from './journeys/follow-a-pass.ts';
import { describeOutputs } from './journeys/handle-an-output.ts';
import { describeReports } from './journeys/keep-a-report.ts';
import { describeDocuments } from './journeys/look-into-a-document.ts';
import { describeNarrowing } from './journeys/narrow-a-list.ts';
import { describeDisplay } from './journeys/set-the-display.ts';
import { describeEvidence } from './journeys/take-evidence.ts';
import { NO_BROWSER } from './open-chromium.ts';
import { describeEmpty } from './suites/describe-empty.ts';
import { describeHostile } from './suites/describe-hostile.ts';
import { describePages } from './suites/describe-pages.ts';

// These tests are one file, so that all of them share one browser and its servers. Other files beside this one have the
// tests themselves.
describe.skipIf(NO_BROWSER !== undefined)(`the console in a browser${NO_BROWSER ? ` (${NO_BROWSER})` : ''}`, () => {
  const trial = browserTrial();
  describePages(trial);
  describeHostile(trial);
  describeEmpty(trial);
  describeFailures(trial);
  describeNarrowing(trial);
  describeDisplay(trial);
  describeComparing(trial);
  describeDocuments(trial);
  describeOutputs(trial);
  describeSql(trial);
  describeReports(trial);
  describeEvidence(trial);
  describeLinks(trial);
  describeAudit(trial);
  describeCollecting(trial);
});
