import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { CallLate, CredentialsLate, Interrupted, ProfileMissing } from '../errors.ts';
import { boundCall, type CallBounds } from './bound-call.ts';
import { missingProfile } from './missing-profile.ts';
import { CREDENTIALS, type SilenceWatch } from './watch-silence.ts';

/**
 * The SDK's default chain of credentials, which ends within the bounds. Single sign-on, web identity and a profile's roles ask by the
 * handler, so that their calls are broken off; the metadata of a machine or a container and credential_process the SDK asks in ways of its
 * own, and what they do then is not waited for. Throws CredentialsLate, ProfileMissing, Interrupted, and the SDK's errors.
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
    // A program that gives them may take some seconds for it.
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
