/**
 * Words and phrases that a busy reader has to read twice, each with what to write instead. They are compared without
 * regard to case, as whole words. This is the only such list: add every word that stopped a reader, and correct each
 * page that has it.
 */
export const WORDS_TO_AVOID = {
  albeit: 'although',
  anew: 'again',
  forthwith: 'at once',
  'half of the times': 'half of the time',
  henceforth: 'from now on',
  hereby: 'leave it out',
  hitherto: 'until now',
  'in place of which': 'say what replaces what, in a sentence of its own',
  'in whose place': 'say what replaces what, in a sentence of its own',
  'is no token of': 'is not a token of',
  lest: 'so that … not',
  'of anyone’s': 'that users write',
  "of anyone's": 'that users write',
  'otherwise than': 'differently from, or unlike',
  shall: 'must, or will',
  thereby: 'so, or in this way',
  therefrom: 'from it',
  therein: 'in it',
  thereof: 'of it',
  thereto: 'to it',
  whatsoever: 'leave it out',
  whereby: 'by which',
  wherein: 'in which',
  whereof: 'of which',
  whilst: 'while',
  whoever: 'anybody who, or the person who',
  whomever: 'anybody whom',
  whosoever: 'anybody who',
} as const satisfies Record<string, string>;

/** A word of the list that a text has. */
export interface FoundWord {
  word: string;
  /** What to write instead. */
  instead: string;
  /** The place of its first character in the text. */
  index: number;
}

/** Every word of the list that a text has, in the order of the text. A phrase may go on to the next line. */
export function wordsToAvoidIn(text: string): FoundWord[] {
  return Object.entries(WORDS_TO_AVOID)
    .flatMap(([word, instead]) => {
      const phrase = word.split(' ').join(String.raw`\s+`);
      const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_])${phrase}(?![\p{L}\p{N}_])`, 'giu');
      return [...text.matchAll(pattern)].map(({ index }) => ({ word, instead, index }));
    })
    .sort((a, b) => a.index - b.index);
}
