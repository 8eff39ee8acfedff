/**
 * An error that nobody expected, line by line: what it says first, then where it was thrown. The message stays one line whatever is in
 * it, so that words of somebody else's can not pass for lines of this program.
 */
export function errorLines(error: unknown): [string, ...string[]] {
  if (!(error instanceof Error)) return [String(error)];
  const { name, message, stack = '' } = error;
  const said = message === '' ? name : `${name}: ${message}`;
  // V8 writes the message into the stack once more.
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return [said, ...frames.split('\n').filter((line) => /^ {4}at /.test(line))];
}
