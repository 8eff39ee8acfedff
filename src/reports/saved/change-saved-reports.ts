import { mkdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Document, isSeq, type Node, Scalar, visit } from 'yaml';
import { replaceFile } from '../../lib/files/replace-file.ts';
import type { Report } from '../../questions/reports/report.ts';
import { holdFileLock } from './hold-file-lock.ts';
import { readReportsDocument } from './read-saved-reports.ts';

/** A change of one saved report: its name, and the new report, or null to delete it. */
export interface ReportChange {
  name: string;
  report: Report | null;
}

/**
 * Puts a report into the file of saved ones, or takes one out. Each change is made completely or not at all, and one at
 * a time, even across processes. Other text that people wrote in the file stays. Returns whether the report existed
 * before.
 */
export async function changeSavedReports(reportsFile: string, { name, report }: ReportChange): Promise<boolean> {
  await mkdir(dirname(reportsFile), { recursive: true });
  // If the path is a link, this replaces the file that it leads to.
  const path = await realpath(reportsFile).catch(() => reportsFile);
  const lock = await holdFileLock(`${path}.lock`);
  try {
    const { document: found, reports } = await readReportsDocument(path);
    const at = reports.findIndex((saved) => saved.name === name);
    if (at < 0 && report === null) return false;
    const document = isSeq(found.get('reports')) ? found : emptyDocument(found.commentBefore);
    if (report === null) document.deleteIn(['reports', at]);
    else document.setIn(['reports', at < 0 ? reports.length : at], quoteBlank(document.createNode(report)));
    await replaceFile(path, document.toString({ lineWidth: 0, blockQuote: 'literal' }), () => lock.assertHeld());
    return at >= 0;
  } finally {
    await lock.release();
  }
}

/** A YAML block would lose a blank first line, so a text that begins with one is quoted. */
function quoteBlank(node: Node): Node {
  visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && /^[ \t]*\n/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return node;
}

function emptyDocument(comment: string | null): Document {
  const document = new Document({ reports: [] }, { schema: 'failsafe' });
  document.commentBefore = comment ?? ' Reports that were saved through the API, in the form that archive.yaml has.';
  return document;
}
