import type { YAMLParseError } from 'yaml';

/**
 * What is wrong with a text that is no YAML. The parser's own words are quoted, since it alone knows what it expected, with the place that
 * they are about and the lines of the text that show it, behind a bar: a line of ours never begins with what somebody wrote.
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
