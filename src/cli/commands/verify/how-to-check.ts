import { quoted } from './quoted.ts';

/**
 * Returns what to do if nothing from outside says whose key signed. The text shows the key, so that the reader can
 * compare it, and a complete command. It also says that running the command without comparing the key checks nothing.
 */
export function howToCheck({ key, words, indent }: { key: string | null; words: string[]; indent: string }): string[] {
  const last = ' '.repeat(indent.length);
  if (key === null) return [`${indent}nobody has signed it, so no key can say whose it is.`];
  return [
    `${indent}the key comes from the file itself. Somebody who made up the file would have put a key there too. So:`,
    `${last}1. Get the key from the archive's keeper, and not from this file: their own "ssm-archive verify" shows it,`,
    `${last}   and so does the page Integrity of their console. A checkpoint that was kept elsewhere serves too: --checkpoint FILE.`,
    `${last}2. Compare that key with the key that has signed this file: ${key}`,
    `${last}3. If both are the same:  ssm-archive verify --key ${quoted(key)}${words.map((word) => ` ${quoted(word)}`).join('')}`,
    `${last}   or pin it for good, as verify.keys in archive.yaml:  verify: { keys: ["${key}"] }`,
  ];
}
