/** Commander's parser for an option that may be given again: adds its value to the earlier ones. */
export function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}
