import type { YAMLParseError } from 'yaml';

/**
 * Returns what is wrong with a text that is not YAML. Quotes the parser's own message with its place, because only the
 * parser knows what it expected. Then the lines of the text around the place follow, each after a bar, so that no line
 * of our output begins with foreign text.
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
