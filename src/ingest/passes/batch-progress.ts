import { isoFromMs } from '../../lib/time.ts';
import type { PassSourceView } from '../../model/coverage/passes.ts';
import type { SourceProgress } from '../run-pass.ts';
import type { PlacedSource } from './collector-protocol.ts';

const EVERY_MS = 250;

/**
 * Takes a pass's progress as it happens and sends on what has changed: the first change at once, later ones together,
 * four times a second at most. `flush` sends what is held back.
 */
export function batchProgress(send: (sources: PlacedSource[]) => void): {
  take(progress: SourceProgress): void;
  flush(): void;
} {
  const places = new Map<SourceProgress, number>();
  const changed = new Set<SourceProgress>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0) return;
    send([...changed].map((progress) => ({ place: places.get(progress) ?? 0, source: viewOf(progress) })));
    changed.clear();
  }

  return {
    flush,
    take(progress) {
      if (!places.has(progress)) places.set(progress, places.size);
      changed.add(progress);
      if (timer !== undefined) return;
      flush();
      timer = setTimeout(flush, EVERY_MS);
    },
  };
}

function viewOf({ startedAtMs, ...progress }: SourceProgress): PassSourceView {
  return { ...progress, startedAt: isoFromMs(startedAtMs) };
}
