import { join } from 'node:path';
import { getHomeDir, getProfileName, loadConfig, loadSharedConfigFiles } from '@smithy/core/config';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';

/**
 * Returns a sentence that names the profile which the SDK's files lack: the one for credentials and region, or the one
 * that it is based on. Returns undefined if the error has another cause. The SDK's own message names neither
 * AWS_PROFILE nor a file.
 */
export async function missingProfile(): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profiles = { ...configFile, ...credentialsFile };
  const name = getProfileName({});
  const files = `${await pathOf('AWS_CONFIG_FILE', 'config')} or ${await pathOf('AWS_SHARED_CREDENTIALS_FILE', 'credentials')}`;
  const known = Object.keys(profiles);
  if (!Object.hasOwn(profiles, name)) {
    // If no variable names this profile, there are simply no credentials, and another message says so.
    if (name === 'default') return undefined;
    return `AWS_PROFILE names the profile "${name}", which is not in ${files}.${proposal(name, known)} Correct AWS_PROFILE, or add the profile: aws configure --profile ${quoted(name)}.`;
  }
  const base = { ...configFile[name], ...credentialsFile[name] }.source_profile;
  if (base === undefined || Object.hasOwn(profiles, base)) return undefined;
  return `The profile "${name}" has source_profile = ${base}, and no profile "${base}" is in ${files}.${proposal(base, known)} Correct source_profile there, or add the profile.`;
}

/** Returns the path of a file of the SDK. The variable that may name it is read as the SDK reads it. */
async function pathOf(variable: string, name: string): Promise<string> {
  const path = await loadConfig<string>({
    // A variable that is set to the empty text counts as not set.
    environmentVariableSelector: (env) => env[variable] || undefined,
    configFileSelector: () => undefined,
    default: join(getHomeDir(), '.aws', name),
  })();
  return path.startsWith('~/') ? join(getHomeDir(), path.slice(2)) : path;
}

function proposal(name: string, known: readonly string[]): string {
  const near = nearNames(name, known, 3);
  if (near.length > 0) return proposalOf(near);
  return known.length === 0 ? ' There are no profiles.' : '';
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
