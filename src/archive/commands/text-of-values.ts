/** What would be taken for more than one value, or for none. */
const AMBIGUOUS = /^$|^\s|\s$|[,"]/;

/** Returns values in one line, with quotes around those that could be mistaken for others. */
export function textOfValues(values: readonly unknown[]): string {
  return values
    .map((value) => (typeof value === 'string' && !AMBIGUOUS.test(value) ? value : JSON.stringify(value)))
    .join(', ');
}

/** Returns a target of a command in one line: `tag:PatchGroup = prod, stage`. */
export function textOfTarget(target: unknown): string {
  const isTarget = typeof target === 'object' && target !== null && 'Key' in target && 'Values' in target;
  if (!isTarget || !Array.isArray(target.Values)) return JSON.stringify(target);
  return `${String(target.Key)} = ${textOfValues(target.Values)}`;
}
