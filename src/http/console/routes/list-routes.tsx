import { z } from 'zod';
import { getSender } from '../../../archive/get-sender.ts';
import { decodeCursor, encodeCursor } from '../../../lib/cursor.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { CommandsPage, DocumentsPage, NodesPage } from '../pages/list-pages.tsx';
import { readCovered } from '../parts/covered/read-covered.ts';
import { NotRun } from '../parts/not-run.tsx';
import type { ConsoleApp } from './console-app.ts';
import { ROWS_A_PAGE } from './shared-reads.ts';

/** A node's line sums up all of its invocations: fewer of them a page. */
const NODES_A_PAGE = 25;

const CommandPosition = z.tuple([z.string().nullable(), z.string(), z.string(), z.string()]);
const InstancePosition = z.tuple([z.string(), z.string(), z.string()]);

/** `/commands`, `/nodes` and `/documents`: what there is, page by page. */
export function addListRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  app.get('/commands', async (c) => {
    const after = positionIn(c, 'commands', CommandPosition);
    const [{ items, next }, covered] = await Promise.all([
      readers.read('listCommands', { limit: ROWS_A_PAGE, after }, readOptions(c, readDeadlineMs)),
      readCovered(c, deps, {}),
    ]);
    const sent = items.map((command) => ({ ...command, sender: getSender(deps.archive, command) }));
    const page = { title: 'Commands', section: '/commands' } as const;
    return respondPage(
      deps,
      c,
      page,
      <CommandsPage items={sent} covered={covered} nextPath={nextPath('commands', next)} />,
    );
  });

  app.get('/nodes', async (c) => {
    const begin = c.req.query('begin')?.trim() ?? '';
    const after = positionIn(c, 'nodes', InstancePosition);
    const page = { title: 'Nodes', section: '/nodes' } as const;
    const linked = begin === '' ? undefined : linkedTo(c);
    if (linked) {
      const notRun = <NotRun {...linked} />;
      return respondPage(deps, c, page, <NodesPage items={[]} begin={begin} nextPath={undefined} notRun={notRun} />);
    }
    const [{ items, next }, covered] = await Promise.all([
      readers.read('listInstances', { limit: NODES_A_PAGE, from: begin, after }, readOptions(c, readDeadlineMs)),
      readCovered(c, deps, {}),
    ]);
    return respondPage(
      deps,
      c,
      page,
      <NodesPage items={items} covered={covered} begin={begin} nextPath={nextPath('nodes', next)} />,
    );
  });

  app.get('/documents', async (c) => {
    const after = positionIn(c, 'documents', z.string());
    const [{ items, next }, covered] = await Promise.all([
      readers.read('listDocuments', { limit: ROWS_A_PAGE, after }, readOptions(c, readDeadlineMs)),
      readCovered(c, deps, {}),
    ]);
    const page = { title: 'Documents', section: '/documents' } as const;
    return respondPage(
      deps,
      c,
      page,
      <DocumentsPage items={items} covered={covered} nextPath={nextPath('documents', next)} />,
    );
  });
}

function positionIn<Position>(c: ConsoleContext, list: string, form: z.ZodType<Position>): Position | undefined {
  const cursor = c.req.query('cursor');
  return cursor === undefined ? undefined : form.parse(decodeCursor(['console', list], cursor));
}

function nextPath(list: string, next: unknown): string | undefined {
  return next === undefined
    ? undefined
    : `/${list}?cursor=${encodeURIComponent(encodeCursor(['console', list], next))}`;
}
