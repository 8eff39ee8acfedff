import { randomBytes } from 'node:crypto';
import { openAuthDb } from '../../../../src/access/open-auth-db.ts';
import { createAccessKey } from '../../../../src/access/tokens/create-access-key.ts';
import type { CommandInvocationRecord } from '../../../../src/http/aws/records.ts';
import { ACCOUNT, REGION } from '../../../simulator/clients.ts';
import { type ArchivedFleet, startArchivedFleet } from '../archived-fleet.ts';
import { type Recorder, recordReplies } from '../record-replies.ts';

/** An archive server that requires signatures, a key for it, and a record of all replies that clients get. */
export interface ClientTrial {
  fleet: ArchivedFleet;
  recorder: Recorder;
  /** The environment variables that a user sets, except for the endpoint's address. */
  env: Record<string, string>;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Everything that the service lists, in the form in which it is sent, newest first. */
  truth(): CommandInvocationRecord[];
  close(): Promise<void>;
}

/** Starts the server. It uses the real time, as clients do when they sign, although its data is from March. */
export async function startClientTrial(): Promise<ClientTrial> {
  const options = { seed: 8, invocations: 200, longShare: 0.1, rollingShare: 0.1 };
  const fleet = await startArchivedFleet(options, () => new Date());
  const authDb = openAuthDb(fleet.archive.authPath);
  const key = createAccessKey(
    { authDb, now: () => new Date(), random: randomBytes },
    { name: 'clients', role: 'reader', expiresAt: undefined, accounts: [ACCOUNT], regions: [REGION] },
  );
  authDb.close();
  const recorder = await recordReplies(fleet.archive.url);
  const { accessKeyId, secretAccessKey } = key;
  return {
    fleet,
    recorder,
    env: {
      PATH: process.env.PATH ?? '',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      // The test must not use any AWS settings of this machine's user.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    credentials: { accessKeyId, secretAccessKey },
    truth: () => JSON.parse(JSON.stringify([...fleet.simulator.truth(ACCOUNT, REGION)])),
    async close() {
      await recorder.close();
      await fleet.close();
    },
  };
}
