import { readFile } from 'node:fs/promises';
import { type Document, parseDocument } from 'yaml';
import { z } from 'zod';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { decodeText } from '../../lib/text-file/decode-text.ts';
import { SEVERAL_DOCUMENTS } from '../../lib/text-file/several-documents.ts';
import { TextUnreadable } from '../../lib/text-file/text-unreadable.ts';
import { faultsOf, memberPath } from '../../lib/words/own-words.ts';
import { wordsOfYaml } from '../../lib/words/yaml-words.ts';
import type { Report } from '../../questions/reports/report.ts';
import { reportForm } from '../../questions/reports/report-form.ts';
import { ReportsFileInvalid } from '../errors.ts';

/** The same form as in archive.yaml, so that a person can move a report there. */
const fileForm = z.strictObject({
  // In YAML's failsafe schema, a key without a value is an empty text.
  reports: z.preprocess((given) => (given === '' ? [] : given), z.array(reportForm).default([])),
});

/** Returns the saved reports in the order of the file; none if there is no file. Throws ReportsFileInvalid. */
export async function readSavedReports(path: string): Promise<Report[]> {
  return (await readReportsDocument(path)).reports;
}

/** Returns the saved reports, and the YAML document, which keeps what people wrote in it. */
export async function readReportsDocument(path: string): Promise<{ document: Document.Parsed; reports: Report[] }> {
  // The file is read like archive.yaml: the failsafe schema keeps every scalar as text.
  const document = parseDocument(await fileText(path), { schema: 'failsafe' });
  if (document.errors.length > 0) {
    throw new ReportsFileInvalid(
      path,
      document.errors.map((error) =>
        error.code === 'MULTIPLE_DOCS' ? `the file: ${SEVERAL_DOCUMENTS}` : `the file ${wordsOfYaml(error).problem}`,
      ),
    );
  }
  const content: unknown = document.toJS();
  const parsed = fileForm.safeParse(content || {});
  if (parsed.success) return { document, reports: parsed.data.reports };
  const faults = faultsOf(parsed.error);
  throw new ReportsFileInvalid(
    path,
    faults.map(({ path: at, message }) => `${memberPath(at) || 'the file'}: ${message}`),
  );
}

async function fileText(path: string): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (error) {
    if (error instanceof TextUnreadable) throw new ReportsFileInvalid(path, [`the file: ${error.message}`]);
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    const fault = pathFault(path, error);
    if (fault !== undefined) throw new ReportsFileInvalid(path, [`the file: ${fault}`]);
    throw error;
  }
}
