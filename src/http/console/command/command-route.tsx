import { listCommandRevisions } from '../../../archive/commands/command-states.ts';
import { filterOfKey } from '../../../archive/invocations/invocation-filter.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { DEFAULT_SPREAD_MS } from '../../../model/coverage/retention.ts';
import { kindOfStatus } from '../../../model/final-status.ts';
import { noTime, readTime } from '../../../questions/time/read-time.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { newest, ROWS_A_PAGE } from '../parts/charts/shared-reads.ts';
import { readCovered, readLooks } from '../parts/coverage/read-covered.ts';
import type { AskedFault } from '../parts/questions/asked-faults.ts';
import { neverSeenOf } from '../parts/questions/never-seen-of.tsx';
import { resolveIds } from '../parts/questions/resolve-ids.ts';
import { pathOfCommand } from '../parts/values/paths.ts';
import { CommandPage } from './command-page.tsx';

const MOST_STATES = 50;

/** `/commands/…`: one command and its nodes. */
export function addCommandRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  app.get('/commands/:accountId/:region/:commandId', async (c) => {
    const key = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const asOf = readAsOf(c.req.query('asOf'), deps.now().getTime());
    if (typeof asOf === 'object')
      return respondNotUnderstood(deps, c, { title: 'Command', section: '/commands' }, { faults: [asOf] });
    const command = await readers.read('getCommand', { ...key, asOf }, options);
    if (!command) {
      const { meant } = await resolveIds(c, deps, key);
      if (meant.commandId !== undefined) return c.redirect(pathOfCommand({ ...key, commandId: meant.commandId }), 302);
      const more = await neverSeenOf(c, deps, key, pathOfCommand);
      return respondNotFound(deps, c, 'This command', more);
    }
    const all = { ...newest(filterOfKey(key)), isDescending: false, include: 'plugins', limit: ROWS_A_PAGE } as const;
    const asked = { ...all, asOf };
    const { accountId, region } = key;
    const isWhole = command.targetCount !== null && command.invocations >= command.targetCount;
    const isOpen = [command.status, ...Object.keys(command.byStatus)].some((status) => kindOfStatus(status) === 'busy');
    const [{ items }, covered, looks] = await Promise.all([
      readers.read('listInvocations', asked, options),
      // If the command was sent to more nodes than are known, or to an unknown number, the other nodes may have run it
      // in a span that was not collected.
      isWhole || command.requestedAt === null || asOf !== undefined
        ? undefined
        : readCovered(c, deps, { accountId, region, ...reachOf(command.requestedAt) }),
      isOpen && asOf === undefined ? readLooks(c, deps, { accountId, region }) : undefined,
    ]);
    const content = {
      command,
      items,
      covered,
      looks,
      nowMs: deps.now().getTime(),
      revisions: listCommandRevisions(deps.archive, { key, limit: MOST_STATES }),
      asOf,
    };
    const title = `${command.documentName ?? 'Command'}, ${key.commandId}`;
    return respondPage(deps, c, { title, section: '/commands' }, <CommandPage {...content} />);
  });
}

/** The past time of the address as ISO text, or what is wrong with it. */
function readAsOf(text: string | undefined, nowMs: number): string | undefined | AskedFault {
  if (text === undefined) return undefined;
  return readTime(text, nowMs) ?? { parameter: 'asOf', message: noTime(text) };
}

/** The span in which a command's invocations may be requested. */
function reachOf(requestedAt: string): { from: string; to: string } {
  return { from: requestedAt, to: isoFromMs(Date.parse(requestedAt) + DEFAULT_SPREAD_MS) };
}
