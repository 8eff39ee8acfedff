/** What a pack holds. Packs of earlier versions have no commands. */
interface HeldByPack {
  invocations: number;
  commands: number;
  hasEmptyResult?: boolean | undefined;
}

/**
 * The words for what the pack lacks, used in the first line of its texts and of its verification; undefined if it lacks
 * nothing.
 */
export function absenceOf({ invocations, commands, hasEmptyResult = false }: HeldByPack): string | undefined {
  if (invocations === 0 && commands > 0)
    return `It holds ${commands === 1 ? 'a command' : `${commands} commands`} and no invocation, and proves that there was none only where coverage is complete.`;
  if (invocations === 0) return 'It holds no invocation, and proves an absence only where coverage is complete.';
  if (hasEmptyResult) return 'Its query has no rows, and it proves an absence only where coverage is complete.';
  return undefined;
}

/** Whether a pack has no content: no invocation and no command, or no row of its query. */
export function isEmptyPack({ invocations, commands, hasEmptyResult = false }: HeldByPack): boolean {
  return (invocations === 0 && commands === 0) || hasEmptyResult;
}
