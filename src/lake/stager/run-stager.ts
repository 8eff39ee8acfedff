import { serveParent } from '../../lib/child/serve-parent.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import { loadDuckDb } from '../parquet/load-duckdb.ts';
import { stageHere } from './stage-files.ts';
import type { StagerProtocol } from './stager-protocol.ts';

/** The main function of a process that writes the files of days, one after another. */
export function runStager(): void {
  const stopping = new AbortController();
  serveParent<StagerProtocol>(
    {
      async load() {
        await loadDuckDb();
        return null;
      },
      async stage(task, say) {
        const stage = stageHere(await loadDuckDb());
        const hooks = { signal: stopping.signal, onStep: (step: 'staged' | 'checked') => say('step', step) };
        return (await stage(task, hooks)) ?? null;
      },
    },
    { errors: userFaults, tells: { stop: () => stopping.abort() }, ready: () => undefined },
  );
}
