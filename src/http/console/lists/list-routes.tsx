import { z } from 'zod';
import { documentsWholeFrom } from '../../../archive/nodes/list-documents.ts';
import type { InstancePosition } from '../../../archive/nodes/list-instances.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage } from '../frame/respond-page.tsx';
import { ROWS_A_PAGE } from '../parts/charts/shared-reads.ts';
import { readCovered } from '../parts/coverage/read-covered.ts';
import { NotRun } from '../parts/questions/not-run.tsx';
import { pathWith } from '../parts/questions/path-without.ts';
import { type ReadPosition, readPosition } from '../parts/questions/read-position.ts';
import { readUnseen } from '../parts/questions/read-unseen.ts';
import { NO_IDS, resolveIds } from '../parts/questions/resolve-ids.ts';
import { CommandsPage, DocumentsPage, NodesForm, NodesPage } from './list-pages.tsx';

/** Each row sums up all invocations of a node, which takes time. So a page has fewer rows than other lists. */
const NODES_A_PAGE = 25;

const CommandPosition = z.tuple([z.string().nullable(), z.string(), z.string(), z.string()]);
const NodePosition = z.tuple([z.string(), z.string(), z.string()]);

/** `/commands`, `/nodes` and `/documents`: everything of each kind, page by page. */
export function addListRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  /** Returns nodes whose ids begin with a text, and where the next page of these nodes begins. */
  const nodesThatBegin = async (c: ConsoleContext, begin: string, after: InstancePosition | undefined) => {
    const read = (limit: number, from: InstancePosition | undefined) =>
      readers.read('listInstances', { limit, from: begin, after: from }, readOptions(c, readDeadlineMs));
    const isMeant = ({ instanceId }: { instanceId: string }) => instanceId.startsWith(begin);
    const { items, next } = await read(NODES_A_PAGE, after);
    const isMore = next !== undefined && (begin === '' || (await read(1, next)).items.some(isMeant));
    return { items: items.filter(isMeant), next: isMore ? next : undefined };
  };

  app.get('/commands', async (c) => {
    const page = { title: 'Commands', section: '/commands' } as const;
    const { after, faults } = positionIn(c, ['commands'], CommandPosition);
    if (faults.length > 0) return respondNotUnderstood(deps, c, page, { faults });
    const [{ items, next }, covered] = await Promise.all([
      readers.read('listCommands', { limit: ROWS_A_PAGE, after }, readOptions(c, readDeadlineMs)),
      readCovered(c, deps, {}),
    ]);
    return respondPage(
      deps,
      c,
      page,
      <CommandsPage items={items} covered={covered} nextPath={nextPath(c.req.url, ['commands'], next)} />,
    );
  });

  app.get('/nodes', async (c) => {
    const begin = c.req.query('begin')?.trim() ?? '';
    const page = { title: 'Nodes', section: '/nodes' } as const;
    const { after, faults } = positionIn(c, ['nodes', begin], NodePosition);
    if (faults.length > 0) {
      const form = <NodesForm begin={begin} />;
      return respondNotUnderstood(deps, c, page, { faults, form });
    }
    const linked = begin === '' ? undefined : linkedTo(c);
    if (linked) {
      const notRun = <NotRun {...linked} />;
      return respondPage(deps, c, page, <NodesPage items={[]} begin={begin} nextPath={undefined} notRun={notRun} />);
    }
    const { meant } = after === undefined ? await resolveIds(c, deps, { instanceId: begin }) : NO_IDS;
    if (meant.instanceId !== undefined) return c.redirect(pathWith(c.req.url, 'begin', meant.instanceId), 302);
    const [{ items, next }, covered] = await Promise.all([nodesThatBegin(c, begin, after), readCovered(c, deps, {})]);
    const isNothing = begin !== '' && items.length === 0 && after === undefined;
    const unseen = isNothing ? await readUnseen(c, deps, { instanceId: begin }) : [];
    const path = nextPath(c.req.url, ['nodes', begin], next);
    const content = { items, covered, begin, unseen, nextPath: path, wholeFrom: wholeFrom(deps.archive) };
    return respondPage(deps, c, page, <NodesPage {...content} />);
  });

  app.get('/documents', async (c) => {
    const page = { title: 'Documents', section: '/documents' } as const;
    const { after, faults } = positionIn(c, ['documents'], z.string());
    if (faults.length > 0) return respondNotUnderstood(deps, c, page, { faults });
    const [{ items, next }, covered] = await Promise.all([
      readers.read('listDocuments', { limit: ROWS_A_PAGE, after }, readOptions(c, readDeadlineMs)),
      readCovered(c, deps, {}),
    ]);
    return respondPage(
      deps,
      c,
      page,
      <DocumentsPage
        {...{ items, covered }}
        nextPath={nextPath(c.req.url, ['documents'], next)}
        wholeFrom={documentsWholeFrom(deps.archive, {})}
      />,
    );
  });
}

/** `list` is the name of the list. A cursor works only in its own list. */
function positionIn<Position>(
  c: ConsoleContext,
  list: readonly string[],
  form: z.ZodType<Position>,
): ReadPosition<Position> {
  return readPosition(['console', ...list], c.req.query('cursor'), form);
}

function nextPath(url: string, list: readonly string[], next: unknown): string | undefined {
  if (next === undefined) return undefined;
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', encodeCursor(['console', ...list], next));
  return `${pathname}?${searchParams}`;
}
