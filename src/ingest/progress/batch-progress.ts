import type { PassSourceView } from '../../model/coverage/passes.ts';
import type { PlacedSource } from './pass-event.ts';

const EVERY_MS = 250;

/**
 * Takes the views of a pass's sources and sends on the views that changed: the first change at once, later ones
 * together, at most four times a second. `flush` sends what is held back.
 */
export function batchProgress(send: (sources: PlacedSource[]) => void): {
  take(changed: PlacedSource): void;
  flush(): void;
} {
  const changed = new Map<number, PassSourceView>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0) return;
    send([...changed].map(([place, source]) => ({ place, source })));
    changed.clear();
  }

  return {
    flush,
    take({ place, source }) {
      changed.set(place, source);
      if (timer !== undefined) return;
      flush();
      timer = setTimeout(flush, EVERY_MS);
    },
  };
}
