import { constants, setPriority } from 'node:os';
import { openExistingArchive } from '../archive/open-archive.ts';
import { batchProgress } from '../ingest/passes/batch-progress.ts';
import type { FromCollector, PassFailure, ToCollector } from '../ingest/passes/collector-messages.ts';
import { type PassSummary, runPass } from '../ingest/run-pass.ts';
import { endVisibly } from '../lib/end-visibly.ts';
import { explainTooManyFiles } from '../lib/explain-too-many-files.ts';
import { createLogger } from '../lib/logger.ts';
import { onStopSignal } from '../lib/stop-signals.ts';
import { UserFault } from '../lib/user-fault.ts';

// The composition root of a collector process: ingest/passes/fork-pass.ts starts one for each pass of `serve`.

// Its standard error is the server's.
endVisibly();

// Where cores are few, answers go first: collecting waits for the service anyway. A sandbox may refuse it.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {}

const stopping = new AbortController();
const stop = () => stopping.abort();

process.on('message', (message: ToCollector) => {
  if (message.kind === 'stop') stop();
  else void answer(message);
});
onStopSignal(stop);
// Without its server the pass ends as if it were asked to. The server may be gone since before there was a listener.
process.on('disconnect', stop);
if (!process.connected) process.exit();

async function answer(request: Extract<ToCollector, { kind: 'collect' }>): Promise<void> {
  let last: FromCollector;
  try {
    last = { kind: 'ended', summary: await collect(request) };
  } catch (error) {
    last = { kind: 'failed', failure: failureOf(error) };
  }
  // Nothing may keep the process once the pass has ended: it would hold up the next one.
  send(last, () => process.exit());
}

async function collect({ config, logLevel, file }: Extract<ToCollector, { kind: 'collect' }>): Promise<PassSummary> {
  // The server has it open: were it not there, a pass into a new one would be a pass into nothing.
  const db = openExistingArchive(config.db, { mustBe: file });
  const progress = batchProgress((sources) => send({ kind: 'progress', sources }));
  try {
    const { signal } = stopping;
    return await runPass(
      { db, config, signal, log: createLogger(logLevel), now: () => new Date(), random: Math.random },
      { onProgress: progress.take, onBegin: (runId) => send({ kind: 'begun', runId }) },
    );
  } finally {
    progress.flush();
    db.close();
  }
}

function send(message: FromCollector, sent: () => void = () => {}): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, sent);
  else sent();
}

function failureOf(error: unknown): PassFailure {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined)
    return { name: 'UserFault', message: tooManyFiles, stack: undefined, code: undefined, isUserFault: true };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { name, message, stack, code, isUserFault: error instanceof UserFault };
}
