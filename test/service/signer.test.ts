import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNoteKey } from '../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../src/ledger/notes/open-signer.ts';
import { startSetting } from '../end-to-end/run-cli.ts';
import { textOfHtml } from '../http/console/console-trial.ts';
import { knowTests } from '../on-test-end.ts';
import { until } from '../until.ts';
import { configOf, type Server, startServer } from './start-server.ts';

knowTests();

const NEVER = '0 0 1 1 *';
const OTHER_KEY = createNoteKey('ssm-archive/0123456789abcdef', (size) => Buffer.alloc(size, 1)).verifierKey;

const said = (server: Server, beginning: string) =>
  until(() => server.logged.some(({ msg }) => String(msg).startsWith(beginning)));
const textAt = async ({ url }: Server, path: string) => (await fetch(`${url}${path}`)).text();
const verdictOf = async (server: Server) =>
  Object.fromEntries(
    [...(await textAt(server, '/metrics')).matchAll(/^ssm_archive_verify_verdict\{verdict="([\w-]+)"\} (\d)$/gm)].map(
      ([, verdict, value]) => [verdict, Number(value)],
    ),
  );

/**
 * Makes an archive with a signed pass, and starts a server that verifies the archive with these keys; 'own' means the
 * archive's own key.
 */
async function verified(
  keys: readonly string[] | undefined,
  hasKeyFile = true,
): Promise<{ server: Server; key: string }> {
  const setting = await startSetting({ invocations: 50 });
  const first = await startServer(setting);
  await said(first, 'Collected.');
  await first.stop();
  const { ledgerKey } = configOf(setting.archive, '');
  const key = readVerifierKey(ledgerKey) ?? '';
  const config = {
    ...{ verifySchedule: NEVER, schedule: NEVER },
    ...(keys && { verifyKeys: keys.map((given) => (given === 'own' ? key : given)) }),
    // Nothing can exist below a file, so nobody can make a key there.
    ledgerKey: hasKeyFile ? ledgerKey : join(setting.archive, 'ledger.key'),
  };
  return { server: await startServer(setting, undefined, { config, firstVerifyAfterMs: 0 }), key };
}

describe.concurrent('a server’s verdict on its archive', { timeout: 60_000 }, () => {
  it('is intact, according to verify.keys, in the log, in the metrics and in the console, which shows the key', async () => {
    const { server, key } = await verified([OTHER_KEY, 'own']);
    await said(server, 'Verified: the archive is intact.');
    expect(await verdictOf(server)).toEqual({ intact: 1, consistent: 0, 'not-intact': 0 });
    expect(await textAt(server, '/metrics')).toMatch(/^ssm_archive_verify_intact 1$/m);
    const page = await textAt(server, '/integrity');
    expect(page).toMatch(/class="note good"/);
    expect(textOfHtml(page)).toContain(`Signed by ${key} `);
    expect(textOfHtml(await textAt(server, '/'))).toMatch(/Integrity intact /);
  });

  it('is only consistent if no key from outside the archive says who signed it, and is not shown in green', async () => {
    const { server } = await verified(undefined, false);
    await said(server, 'VERIFIED NO FURTHER THAN CONSISTENT');
    expect(await verdictOf(server)).toEqual({ intact: 0, consistent: 1, 'not-intact': 0 });
    expect(await textAt(server, '/metrics')).toMatch(/^ssm_archive_verify_intact 0$/m);
    const page = await textAt(server, '/integrity');
    expect(page).not.toMatch(/class="note good"/);
    expect(textOfHtml(page)).toMatch(/Consistent, signer not checked : .*verify\.keys/);
    expect(textOfHtml(await textAt(server, '/'))).toMatch(/Integrity signer not checked /);
  });

  it('is not intact if none of verify.keys has signed it, whatever the key’s file says', async () => {
    const { server } = await verified([OTHER_KEY]);
    await said(server, 'VERIFY FAILED');
    expect(await verdictOf(server)).toEqual({ intact: 0, consistent: 0, 'not-intact': 1 });
    expect(textOfHtml(await textAt(server, '/'))).toMatch(/Integrity NOT INTACT /);
  });
});
