import { findFetchedText } from '../../../archive/outputs/find-output-text.ts';
import type { PartStart } from '../../../archive/outputs/read-output-part.ts';
import { STREAMS } from '../../../model/outputs/full-output.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { OutputPage } from './output-page.tsx';

const SECTION = '/invocations';
/** The parameters that say where the page begins. */
const STARTS = ['line', 'from'] as const;
const NUMBER = /^\d{1,9}$/;

/** `/invocations/…/outputs/…`: what was fetched of a step's stream, a part at a time, with line numbers. */
export function addOutputRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/invocations/:accountId/:region/:commandId/:instanceId/steps/:position/outputs/:stream', async (c) => {
    const { position: step, stream: named, ...key } = c.req.param();
    const stream = STREAMS.find((one) => one === named);
    const { provenance, line, from } = c.req.query();
    const faults = STARTS.filter((name) => !NUMBER.test(c.req.query(name) || '1')).map((parameter) => ({
      ...{ parameter, message: 'must be a whole number' },
    }));
    if (faults.length > 0) return respondNotUnderstood(deps, c, { title: 'Full output', section: SECTION }, { faults });
    const found = stream &&
      NUMBER.test(step) && {
        stream,
        ...findFetchedText(deps.archive, key, {
          position: Number(step) - 1,
          stream,
          provenance: provenance || undefined,
        }),
      };
    if (!found || (found.state !== 'kept' && found.state !== 'pruned') || !found.full)
      return respondNotFound(deps, c, 'This output');
    const { full } = found;
    const start: PartStart = line ? { line: Math.max(1, Number(line)) } : { from: Number(from || 0) };
    const part =
      found.state === 'kept'
        ? await deps.readers.read('readOutputPart', { ...found.text, start }, readOptions(c, deps.readDeadlineMs))
        : null;
    const title = `${full.stream} of step ${full.position + 1} on ${key.instanceId}`;
    return respondPage(
      deps,
      c,
      { title, section: SECTION },
      <OutputPage {...{ invocation: key, full, part, start }} />,
    );
  });
}
