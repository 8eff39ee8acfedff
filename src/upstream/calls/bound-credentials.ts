import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { CallLate, CredentialsLate, Interrupted, ProfileMissing } from '../errors.ts';
import { boundCall, type CallBounds } from './bound-call.ts';
import { missingProfile } from './missing-profile.ts';
import { CREDENTIALS, type SilenceWatch } from './watch-silence.ts';

/**
 * Returns the SDK's default chain of credentials, limited in time. Single sign-on, web identity and a profile's roles
 * send their requests through `requestHandler`, which breaks them off at the limit. For the metadata of a machine or a
 * container and for credential_process, the SDK uses other means: after the limit, nobody waits for those. Throws
 * CredentialsLate, ProfileMissing, Interrupted, and the SDK's errors.
 */
export function boundCredentials(
  requestHandler: NodeHttpHandler,
  bounds: CallBounds,
  watch?: SilenceWatch | undefined,
): AwsCredentialIdentityProvider {
  const chain = fromNodeProviderChain({ clientConfig: { requestHandler } });
  return async (properties) => {
    const call = boundCall(bounds);
    watch?.asked(CREDENTIALS);
    // A program that provides credentials may take some seconds.
    watch?.connected(CREDENTIALS);
    try {
      return await call.orAborted(chain(properties));
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const missing = await missingProfile();
      if (missing !== undefined) throw new ProfileMissing(missing, { cause: error });
      throw error instanceof CallLate ? new CredentialsLate(bounds.wholeMs, { cause: error }) : error;
    } finally {
      watch?.ended(CREDENTIALS);
      call.ended();
    }
  };
}
