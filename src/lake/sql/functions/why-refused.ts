import { nearNames, proposalOf } from '../../../lib/words/near-names.ts';
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS, OWN_FUNCTIONS } from './allowed-functions.ts';
import {
  FUNCTIONS_OF_SQLITE,
  REFUSED_FUNCTIONS,
  REFUSED_TABLE_FUNCTIONS,
  type RefusedFunctions,
} from './refused-functions.ts';

const CALLED: ReadonlySet<string> = new Set([...ALLOWED_FUNCTIONS, ...OWN_FUNCTIONS]);
const LONGEST_NAME = 60;

/** Returns why a query may not call a function, with what to write instead; undefined if it may. */
export function whyNotCalled(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (CALLED.has(lower)) return undefined;
  return explain(name, findRefused(REFUSED_FUNCTIONS, lower), [...CALLED], FUNCTIONS_OF_SQLITE[lower]);
}

/** Returns why a query may not read rows from a function, with what to write instead; undefined if it may. */
export function whyNotRead(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (ALLOWED_TABLE_FUNCTIONS.has(lower)) return undefined;
  return explain(name, findRefused(REFUSED_TABLE_FUNCTIONS, lower), [...ALLOWED_TABLE_FUNCTIONS], undefined);
}

/** Returns the rule that refuses a function of this name, which is in lower case; undefined if none names it. */
export function findRefused(rules: readonly RefusedFunctions[], name: string): RefusedFunctions | undefined {
  const isNamed = (pattern: string) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  return rules.find(({ names }) => names.split(' ').some(isNamed));
}

function explain(
  name: string,
  rule: RefusedFunctions | undefined,
  allowed: readonly string[],
  instead: string | undefined,
): string {
  const shown = name.slice(0, LONGEST_NAME);
  if (rule) return `${shown} may not be used here: it ${rule.why}. ${rule.instead}`;
  const near = instead === undefined ? proposalOf(nearNames(name, allowed)) : ` ${instead}`;
  return `${shown} is not among the functions that a query over the lake may use.${near}`;
}
