import { OWN_FILES, ownFileOf } from '../../src/lib/files/own-files.ts';
import type { Report } from '../../src/questions/reports/report.ts';
import { saveReport } from '../../src/reports/saved/save-report.ts';

/** A saved report that the archives of these tests have, in addition to the built-in reports. */
export const SAVED_REPORT: Report = {
  name: 'a-saved-one',
  description: 'What printed some words.',
  sql: "SELECT requested_at, document_name, instance_id, substr(output, 1, 80) AS output FROM plugin_runs WHERE :words <> '' LIMIT 20",
  parameters: [{ name: 'words', type: 'text', description: 'What is looked for.', default: 'any' }],
};

/** Where the server of an archive looks for saved reports. */
export async function saveOneReport(archive: string, report: Report = SAVED_REPORT): Promise<void> {
  await saveReport({ configured: [], reportsFile: ownFileOf(archive, OWN_FILES.reportsFile) }, report);
}
