import type { Database } from 'better-sqlite3';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { page, rawInvocation, SOURCE } from '../archive/raw-invocation.ts';

/** Records an invocation of a sealed day that the archive did not have. */
export function recordLate({ sqlite }: { sqlite: Database }, day: string): void {
  const requestedAt = Date.parse(`${day}T11:00:00.000Z`) / 1000;
  const raw = rawInvocation({ RequestedDateTime: requestedAt, CommandId: '99999999-2222-4333-8444-555555555555' });
  const record = createRepliesRecorder(sqlite);
  const reply = page([raw], { source: SOURCE, observedAt: '2026-05-09T00:00:00.000Z' });
  record([{ ...reply, sealed: new Map([[0, undefined]]) }]);
}
