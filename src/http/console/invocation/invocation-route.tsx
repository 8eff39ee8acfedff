import { getSender } from '../../../archive/commands/get-sender.ts';
import { readCommand } from '../../../archive/commands/read-command.ts';
import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import { filterOfKey } from '../../../archive/invocations/invocation-filter.ts';
import { kindOfStatus } from '../../../model/final-status.ts';
import { readInvocationWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { newest } from '../parts/charts/shared-reads.ts';
import { readLooks } from '../parts/coverage/read-covered.ts';
import { neverSeenOf } from '../parts/questions/never-seen-of.tsx';
import { isNamed } from '../parts/questions/read-view.ts';
import { resolveIds } from '../parts/questions/resolve-ids.ts';
import { pathOfInvocation } from '../parts/values/paths.ts';
import { InvocationPage } from './invocation-page.tsx';

const MOST_STATES = 50;
const MOST_BESIDE = 11;
const NO_SUCH = 'This invocation';

/** `/invocations/…`: one invocation, and what its steps printed. */
export function addInvocationRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, readers, readDeadlineMs } = deps;

  app.get('/invocations/:accountId/:region/:commandId/:instanceId', async (c) => {
    const key: InvocationKey = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const found = await readInvocationWhole(deps, { key, withSmallTexts: true }, options);
    if (!found) {
      const { meant } = await resolveIds(c, deps, key);
      const inFull = { ...key, ...meant };
      if (Object.keys(meant).length > 0) return c.redirect(pathOfInvocation(inFull), 302);
      return respondNotFound(deps, c, NO_SUCH, await neverSeenOf(c, deps, key, pathOfInvocation));
    }
    const { accountId, region, commandId, instanceId } = key;
    const { invocation, outputs, smallTexts } = found;
    const { documentName } = invocation;
    const beside = (filter: InvocationFilter) =>
      readers.read('listInvocations', { ...newest(filter), limit: MOST_BESIDE }, options);
    const [states, sameDocument, sameCommand, looks] = await Promise.all([
      readers.read('listStates', { key, limit: MOST_STATES }, options),
      // Without the name of a document, the search would find everything that ran on the node.
      isNamed(documentName)
        ? beside({ ...filterOfKey({ accountId, region, instanceId }), documentName })
        : { items: [] },
      beside(filterOfKey({ accountId, region, commandId })),
      kindOfStatus(invocation.status) === 'busy' ? readLooks(c, deps, { accountId, region }) : undefined,
    ]);
    const content = {
      outputs: { ...outputs, fetching: deps.fullOutputs, smallTexts: new Map(smallTexts) },
      sender: getSender(archive, key),
      command: readCommand(archive, key),
      ...{ looks, nowMs: deps.now().getTime() },
      ...{ invocation, states: states.items, hasMoreStates: states.hasMore },
      ...{ sameDocument: sameDocument.items, sameCommand: sameCommand.items },
    };
    const title = `${invocation.documentName ?? 'Invocation'} on ${instanceId}`;
    return respondPage(deps, c, { title, section: '/invocations' }, <InvocationPage {...content} />);
  });

  app.get('/invocations/:accountId/:region/:commandId/:instanceId/steps/:position/output', async (c) => {
    const { position, ...key } = c.req.param();
    const found = await readInvocationWhole(deps, { key }, readOptions(c, readDeadlineMs));
    const step = found?.invocation.plugins?.find((plugin) => String(plugin.position + 1) === position);
    if (typeof step?.output !== 'string') return respondNotFound(deps, c, 'The output of this step');
    return c.body(step.output, 200, {
      'content-type': 'text/plain; charset=utf-8',
      // If a browser treated the output as HTML in spite of its type, the sandbox would not let scripts in it run.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
}
