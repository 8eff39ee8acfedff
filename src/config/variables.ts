import { nearNames, proposalOf } from '../lib/words/near-names.ts';
import { settings } from './settings.ts';

/** How the names of all environment variables of ssm-archive begin. */
export const PREFIX = 'SSM_ARCHIVE_';
/** The variable with the token that a command sends to a server. */
export const TOKEN_VARIABLE = `${PREFIX}TOKEN`;
export const LOG_VARIABLE = `${PREFIX}LOG`;

/** Returns the environment variable of a setting: SSM_ARCHIVE_LOG_LEVEL for `logLevel`. */
export function variableOf(key: string): string {
  return PREFIX + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** A sentence for each variable with our prefix that is not a setting, such as a misspelt one. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...Object.keys(settings).map(variableOf), `${PREFIX}CONFIG`, `${PREFIX}REGIONS`, TOKEN_VARIABLE];
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map(
      (name) => `${name} is not a setting of ssm-archive and has no effect.${proposalOf(nearVariables(name, known))}`,
    );
}

/** Compares names without the prefix: with the prefix, all names would be near each other. */
function nearVariables(name: string, known: readonly string[]): string[] {
  const bare = known.map((each) => each.slice(PREFIX.length));
  return nearNames(name.slice(PREFIX.length), bare).map((near) => PREFIX + near);
}
