/**
 * What a pack has nothing of, as its texts and its verification say in their first line; undefined if it has something.
 */
export function absenceOf({
  invocations,
  hasEmptyResult = false,
}: {
  invocations: number;
  hasEmptyResult?: boolean | undefined;
}): string | undefined {
  if (invocations === 0) return 'It holds no invocation, and proves an absence only where coverage is complete.';
  if (hasEmptyResult) return 'Its query has no rows, and it proves an absence only where coverage is complete.';
  return undefined;
}
