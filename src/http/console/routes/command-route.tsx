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
    const { items } = await readers.read('listInvocations', { ...newest(key), limit: ROWS_A_PAGE }, options);
    const title = `${command.documentName ?? 'Command'}, ${key.commandId}`;
    return respondPage(deps, c, { title, section: '/commands' }, <CommandPage command={command} items={items} />);
  });
}
