import { getSender } from '../../../archive/get-sender.ts';
import { filterOfKey } from '../../../archive/invocation-filter.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { CommandPage } from '../pages/command-page.tsx';
import type { ConsoleApp } from './console-app.ts';
import { newest, ROWS_A_PAGE } from './shared-reads.ts';

/** `/commands/…`: one command over its nodes. */
export function addCommandRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  app.get('/commands/:accountId/:region/:commandId', async (c) => {
    const key = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const command = await readers.read('getCommand', key, options);
    if (!command) return respondNotFound(deps, c, 'The archive has no such command. It');
    const asked = { ...newest(filterOfKey(key)), isDescending: false, include: 'plugins', limit: ROWS_A_PAGE } as const;
    const { items } = await readers.read('listInvocations', asked, options);
    const content = { command, items, sender: getSender(deps.archive, key) };
    const title = `${command.documentName ?? 'Command'}, ${key.commandId}`;
    return respondPage(deps, c, { title, section: '/commands' }, <CommandPage {...content} />);
  });
}
