import type { Database } from 'better-sqlite3';
import { recordFullOutputs } from '../../../src/archive/record/record-full-outputs.ts';
import type { FetchedOutput } from '../../../src/model/outputs/full-output.ts';

interface PrintedStep {
  invocationId: number;
  position: number;
  name: string | null;
}

/** Records that all of a step's output was fetched: a long stdout of these lines, which is cut, and a short stderr. */
export function recordPrinted(
  sqlite: Database,
  step: PrintedStep,
  { lines, fetchedAt, bucket = 'acme-ssm-output' }: { lines: readonly string[]; fetchedAt: string; bucket?: string },
): void {
  const streamOf = (stream: FetchedOutput['stream'], text: string, totalBytes?: number): FetchedOutput => {
    const bytes = Buffer.from(text);
    const cutBy = totalBytes === undefined ? null : 'limit';
    return {
      stream,
      bytes,
      totalBytes: totalBytes ?? bytes.length,
      cutBy,
      location: { bucket, key: `runs/${stream}` },
    };
  };
  const stderr = `\u001b[33mwarning\u001b[0m ${lines[0]}\n`;
  recordFullOutputs(sqlite, { ...step, provenance: 's3', fetchedAt }, [
    streamOf('stdout', lines.join('\n'), 30_000_000),
    streamOf('stderr', stderr),
  ]);
}
