import type { Child } from 'hono/jsx';
import type { PartStart } from '../../../archive/outputs/read-output-part.ts';
import type { PlacedText } from '../../../archive/whole/find-any-output.ts';
import { STREAMS } from '../../../model/outputs/full-output.ts';
import { findOutputWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { type Page, respondInParts, respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { NumberedOutput } from '../parts/outputs/numbered-output.tsx';
import { AllOfOutput, OutputPage } from './output-page.tsx';

const SECTION = '/invocations';
/** The parameters that say where the page begins. */
const STARTS = ['line', 'from'] as const;
const NUMBER = /^\d{1,9}$/;

/** `/invocations/…/outputs/…`: what was fetched of a step's stream, a part at a time, with line numbers. */
export function addOutputRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/invocations/:accountId/:region/:commandId/:instanceId/steps/:position/outputs/:stream', async (c) => {
    const { position: step, stream: named, ...key } = c.req.param();
    const stream = STREAMS.find((one) => one === named);
    const { provenance, line, from, all } = c.req.query();
    const faults = STARTS.filter((name) => !NUMBER.test(c.req.query(name) || '1')).map((parameter) => ({
      ...{ parameter, message: 'must be a whole number' },
    }));
    if (faults.length > 0) return respondNotUnderstood(deps, c, { title: 'Full output', section: SECTION }, { faults });
    const found = stream &&
      NUMBER.test(step) && {
        stream,
        ...(await findOutputWhole(
          deps,
          { key, position: Number(step) - 1, stream, provenance: provenance || undefined },
          readOptions(c, deps.readDeadlineMs),
        )),
      };
    if (!found || (found.state !== 'kept' && found.state !== 'pruned') || !found.full)
      return respondNotFound(deps, c, 'This output');
    const { full } = found;
    const title = `${full.stream} of step ${full.position + 1} on ${key.instanceId}`;
    const page: Omit<Page, 'status'> = { title, section: SECTION };
    if (all && found.state === 'kept') {
      const parts = allParts(deps, c, found.text);
      return respondInParts(deps, c, page, <AllOfOutput {...{ invocation: key, full }} />, parts);
    }
    const start: PartStart = line ? { line: Math.max(1, Number(line)) } : { from: Number(from || 0) };
    const part =
      found.state === 'kept'
        ? await deps.readers.read('readOutputPart', { ...found.text, start }, readOptions(c, deps.readDeadlineMs))
        : null;
    return respondPage(deps, c, page, <OutputPage {...{ invocation: key, full, part, start }} />);
  });
}

/** Reads and shows one part after the other. */
async function* allParts(
  { readers, readDeadlineMs }: ConsoleDeps,
  c: ConsoleContext,
  text: PlacedText,
): AsyncGenerator<Child> {
  for (let from = 0; ; ) {
    const part = await readers.read('readOutputPart', { ...text, start: { from } }, readOptions(c, readDeadlineMs));
    if (!part || !('text' in part)) return;
    yield <NumberedOutput text={part.text} firstLine={part.firstLine} hasAnchors />;
    if (part.to >= part.totalBytes) return;
    from = part.to;
  }
}
