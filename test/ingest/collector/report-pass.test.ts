import { describe, expect, it } from 'vitest';
import { reportPass } from '../../../src/ingest/collector/report-pass.ts';
import type { PassSummary } from '../../../src/ingest/run-pass.ts';
import { memoryLog } from '../../memory-log.ts';
import { startTrial } from '../archive-trial.ts';

const [INFO, WARN, ERROR] = [30, 40, 50];

function said(summary: PassSummary): [unknown, unknown][] {
  const { log, logged } = memoryLog();
  reportPass(log, { kind: 'ended', summary });
  return logged.map(({ level, msg }) => [level, msg]);
}

describe('the log of a pass', () => {
  it('says that an interrupted source was interrupted, never that it was collected', async () => {
    const { pass } = await startTrial({ invocations: 50 });
    const stopping = new AbortController();
    const summary = await pass({
      signal: stopping.signal,
      onProgress: ({ pages }) => pages > 0 && stopping.abort(),
    });
    expect(summary.outcome).toBe('interrupted');
    expect(said(summary)).toEqual([[INFO, expect.stringMatching(/^Interrupted: what it had recorded is kept/)]]);
    const before = await pass({ signal: AbortSignal.abort() });
    expect(said(before)).toEqual([[INFO, expect.stringMatching(/^Interrupted/)]]);
    const [source] = summary.sources;
    if (!source) throw new Error('There is a source.');
    const failedBefore = { ...summary, sources: [{ ...source, error: 'A slice failed.' }] };
    expect(said(failedBefore)).toEqual([[WARN, expect.stringMatching(/What failed before: A slice failed\.$/)]]);
  });

  it('says "Collected." only about a source that is complete', async () => {
    const { pass } = await startTrial({ invocations: 50 });
    const summary = await pass();
    expect(said(summary)).toEqual([[INFO, 'Collected.']]);
    const [source] = summary.sources;
    if (!source) throw new Error('There is a source.');
    const failed = { ...summary, sources: [{ ...source, outcome: 'failed' as const, error: 'No.' }] };
    expect(said(failed)).toEqual([[ERROR, 'No.']]);
  });
});
