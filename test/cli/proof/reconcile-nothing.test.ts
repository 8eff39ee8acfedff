import { expect, it } from 'vitest';
import { start, startSetting } from '../../end-to-end/run-cli.ts';

it('`reconcile` with a service that shows nothing says that nothing was compared, and not that everything is equal', async () => {
  const setting = await startSetting({ invocations: 0 });
  expect(await start(setting, ['ingest']).ended).toMatchObject({ code: 0 });
  const { code, out } = await start(setting, ['reconcile']).ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^The service shows nothing that has ended, .* nothing was compared\.$/m);
  expect(out).not.toContain('byte for byte');
});
