import type { FileWatch } from '../../archive/file/watch-file.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { ChildProgram } from '../../lib/child/start-child.ts';
import { ArchiveMoved } from '../../lib/errors/archive-moved.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { LOG_LEVELS, type Logger, type LogLevel } from '../../lib/logger.ts';
import { isoFromMs, type Now, SECOND_MS } from '../../lib/time.ts';
import {
  type Passes,
  PassesStopped,
  type PassSourceView,
  type PassTrigger,
  type PassView,
} from '../../model/coverage/passes.ts';
import type { PlacedSource } from '../progress/pass-event.ts';
import { type ForkedPass, forkPass, type PassEnd } from './fork-pass.ts';
import { createRecordedPasses } from './recorded-passes.ts';
import { DISK_FULL, reportPass } from './report-pass.ts';

const KEPT_PASSES = 50;
/** Far longer than it takes to finish the calls under way, record their replies, and sign and publish a checkpoint. */
export const PASS_GRACE_MS = 90 * SECOND_MS;

export interface CollectorDeps {
  /** This connection only reads: passes write through a connection of their own process. */
  db: ArchiveDb;
  /** Whether the path still leads to the archive that the server has open. */
  file: FileWatch;
  config: Config;
  log: Logger;
  now: Now;
  /** Returns an id that no other pass has. */
  newId(): string;
  program: ChildProgram;
  /** Called when a pass has ended, with how it ended. */
  onEnd?: ((end: PassEnd) => void) | undefined;
  /** Called with each event of a pass, from its beginning to its end. */
  onView?: ((view: PassView) => void) | undefined;
  /** How long a pass may take to end after it was asked to; then its process is killed. */
  graceMs?: number | undefined;
}

/** The server's side of collecting: starts passes, one at a time and each in a process of its own, and follows them. */
export interface Collector extends Passes {
  /** Runs one pass to its end; if one is under way, waits for that one instead. Failures are logged, never thrown. */
  collect(trigger: PassTrigger): Promise<void>;
  /** Ends the pass after its replies in flight, waits for it, and starts no other. */
  stop(): Promise<void>;
}

/** Makes the collector of one archive. It starts a process only when a pass is due. */
export function createCollector(deps: CollectorDeps): Collector {
  const { db, file, config, log, now, newId, program, onEnd, onView, graceMs = PASS_GRACE_MS } = deps;
  const recorded = createRecordedPasses({ db, now });
  const views = new Map<string, PassView>();
  const listeners = new Set<{ id: string; tell(view: PassView): void }>();
  let current: { id: string; pass: ForkedPass; ended: Promise<void> } | undefined;
  let isStopped = false;

  function show(view: PassView): void {
    views.set(view.id, view);
    onView?.(view);
    for (const { id, tell } of listeners) if (id === view.id) tell(view);
  }

  function change(id: string, more: Partial<PassView>): void {
    const view = views.get(id);
    if (view) show({ ...view, ...more });
  }

  function begin(trigger: PassTrigger): { id: string; ended: Promise<void> } {
    if (isStopped) throw new PassesStopped('The server is stopping and starts no more passes.');
    const id = newId();
    const startedAt = isoFromMs(now().getTime());
    show({ id, state: 'running', runId: null, startedAt, finishedAt: null, error: null, trigger, sources: [] });
    for (const old of [...views.keys()].slice(0, -KEPT_PASSES)) views.delete(old);
    const pass = forkPass({
      program,
      config,
      logLevel: levelOf(log),
      file: file.known(),
      onBegin: (runId) => change(id, { runId }),
      onProgress(changed) {
        change(id, { sources: withChanged(views.get(id)?.sources ?? [], changed) });
        void endIfMoved();
      },
    });
    /** Stops the pass if its file was moved or deleted: it would go on recording into a file that nobody finds. */
    const endIfMoved = async () => {
      if ((await file.fault()) !== undefined) pass.stop(graceMs);
    };
    const ended = pass.ended.then(async (ownEnd) => {
      const end = await endOf(ownEnd);
      current = undefined;
      reportPass(log, end);
      onEnd?.(end);
      finish(id, end);
    });
    current = { id, pass, ended };
    return current;
  }

  /** If the file at the path was replaced during the pass, the pass counts as failed. */
  async function endOf(end: PassEnd): Promise<PassEnd> {
    const fault = await file.fault();
    if (fault === undefined) return end;
    const message = `${fault} What the pass has recorded is in the file that was opened.`;
    return { kind: 'failed', failure: new ArchiveMoved(message) };
  }

  function finish(id: string, end: PassEnd): void {
    const left = isStopped ? 'interrupted' : 'failed';
    const state = end.kind === 'ended' ? end.summary.outcome : left;
    change(id, {
      state,
      finishedAt: isoFromMs(now().getTime()),
      error: errorOf(end),
      sources: (views.get(id)?.sources ?? []).map((source) =>
        source.outcome === 'running' ? { ...source, outcome: left } : source,
      ),
    });
  }

  function runningPass(): PassView | undefined {
    return (current && views.get(current.id)) ?? recorded.running();
  }

  return {
    async start() {
      const before = runningPass();
      if (before) return { running: before };
      await file.refuseMoved();
      const running = runningPass();
      if (running) return { running };
      const pass = views.get(begin('api').id);
      if (!pass) throw new Error('A pass that has begun has no view.');
      return { pass };
    },
    get: (id) => views.get(id) ?? recorded.get(id),
    follow(id, tell) {
      if (!views.has(id)) return recorded.follow(id, tell);
      const listener = { id, tell };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async collect(trigger) {
      // The log already says why no pass begins.
      if (!current && (await file.fault()) !== undefined) return;
      if (!isStopped) await (current ?? begin(trigger)).ended;
    },
    async stop() {
      isStopped = true;
      current?.pass.stop(graceMs);
      await current?.ended;
    },
  };
}

function withChanged(sources: PassSourceView[], changed: PlacedSource[]): PassSourceView[] {
  const all = [...sources];
  for (const { place, source } of changed) all[place] = source;
  return all;
}

/** Returns the error as readers of the pass may see it. An error that is not meant for people stays in the log. */
function errorOf(end: PassEnd): string | null {
  if (end.kind === 'ended') return null;
  if (end.kind === 'died') return end.sentence;
  if (isDiskFull(end.failure)) return DISK_FULL;
  return end.failure instanceof UserFault ? end.failure.message : 'The pass failed; the reason is in the log.';
}

/** The collector process gets the log level of this process. */
function levelOf({ level }: Logger): LogLevel {
  return LOG_LEVELS.find((name) => name === level) ?? 'info';
}
