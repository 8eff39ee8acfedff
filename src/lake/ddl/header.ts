const COLUMNS = 80;

/**
 * Returns the first lines of what is printed for an engine, as comments in its language: what it is, and what to do as
 * the lake grows. Each sentence begins a line.
 */
export function header(mark: '--' | '#', title: string, version: string, sentences: readonly string[]): string[] {
  const all = [
    `The tables of a lake in ${title}, printed by ssm-archive ${version}.`,
    ...sentences,
    'They have sealed days alone. Nothing may write into the lake but ssm-archive.',
  ];
  return [...all.flatMap((sentence) => comment(mark, sentence)), ''];
}

/** Returns a sentence as lines of comments. No word is wider than a line. */
function comment(mark: string, sentence: string): string[] {
  const lines: string[] = [];
  let line = mark;
  for (const word of sentence.split(' ')) {
    if (line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = mark;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
