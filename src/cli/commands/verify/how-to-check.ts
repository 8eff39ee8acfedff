import { quoted } from './quoted.ts';

/**
 * What is to be done where nothing from outside said whose key it was. The key is shown to be compared, and the line is complete: somebody who runs it
 * without having compared the key has checked nothing, and is told so.
 */
export function howToCheck({ key, words, indent }: { key: string | null; words: string[]; indent: string }): string[] {
  const last = ' '.repeat(indent.length);
  if (key === null) return [`${indent}nobody has signed it, so that nobody's key can say whose it is.`];
  return [
    `${indent}the key is in the file itself, where somebody who made the file up would have put it too. So:`,
    `${last}1. Get the key from the archive's keeper by another way than this file: their own "ssm-archive verify" shows it,`,
    `${last}   and so does the page Integrity of their console. A checkpoint that was kept elsewhere serves too: --checkpoint FILE.`,
    `${last}2. Compare it. This was signed by ${key}`,
    `${last}3. If it is the same:  ssm-archive verify --key ${quoted(key)}${words.map((word) => ` ${quoted(word)}`).join('')}`,
    `${last}   or pin it for good, as verify.keys in archive.yaml:  verify: { keys: ["${key}"] }`,
  ];
}
