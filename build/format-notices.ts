import type { BundledPackage } from './bundled-packages.ts';

const LINE = '='.repeat(80);

/** THIRD-PARTY-NOTICES: what is bundled, and each text once, with those that it is of. */
export function formatNotices(packages: readonly BundledPackage[]): string {
  const texts = [...new Set(packages.flatMap((found) => found.texts))];
  const numbersOf = (found: BundledPackage) => found.texts.map((text) => texts.indexOf(text) + 1);
  const list = packages.flatMap((found) => [
    `${named(found)}: ${found.licence}, ${found.texts.length > 1 ? 'texts' : 'text'} ${numbersOf(found).join(' and ')}`,
    ...(found.because ? [`    No text comes with it. ${found.because}`] : []),
    ...(found.contains.length > 0 ? [`    Its makers have bundled into it: ${found.contains.join(', ')}`] : []),
  ]);
  const sections = texts.map((text, n) => {
    const owners = packages.filter((found) => found.texts.includes(text)).map(named);
    return `${LINE}\nText ${n + 1}, of ${owners.join(', ')}\n${LINE}\n\n${text}\n`;
  });
  return [
    `The programs and the pages of ssm-archive have ${packages.length} packages of others inside them, under these licences.`,
    'better-sqlite3, with SQLite, is not among them: it is installed as a package of its own, with its licences.',
    '',
    ...list,
    '',
    ...sections,
  ].join('\n');
}

function named({ name, version }: BundledPackage): string {
  return `${name} ${version}`;
}
