import type { YAMLParseError } from 'yaml';

/**
 * Returns what is wrong with a text that is not YAML. The parser's own message is quoted, since only the parser knows
 * what it expected, with its place and the lines of the text that show it, behind a bar: so no line of our output
 * begins with foreign text.
 */
export function wordsOfYaml({ message }: Pick<YAMLParseError, 'message'>): { problem: string; shown: string[] } {
  const [sentence = '', ...shown] = message.split('\n');
  const [, words = sentence, line, column] = /^(.*?) at line (\d+), column (\d+):?$/.exec(sentence) ?? [];
  const place = line === undefined ? '' : `, at line ${line}, column ${column}`;
  return {
    problem: `can't be read as YAML${place}: "${words}"`,
    shown: shown.filter((each) => each !== '').map((each) => `| ${each}`),
  };
}
