/**
 * Returns an unexpected error as lines: first its message, then where it was thrown. A message that contains line ends
 * stays one line, so that foreign text can't look like lines of this program.
 */
export function errorLines(error: unknown): [string, ...string[]] {
  if (!(error instanceof Error)) return [String(error)];
  const { name, message, stack = '' } = error;
  const said = message === '' ? name : `${name}: ${message}`;
  // V8 repeats the message in the stack, so it is removed there.
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return [said, ...frames.split('\n').filter((line) => /^ {4}at /.test(line))];
}
