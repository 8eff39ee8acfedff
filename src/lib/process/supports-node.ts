/**
 * Whether a range of package.json's `engines`, such as "^22.15.0 || >=26.0.0", contains a version such as "24.21.0". It
 * knows only ^ and >=. Even very old versions of Node can run it, because it is called before anything else is loaded.
 */
export function supportsNode(range: string, version: string): boolean {
  const own = numbersOf(version);
  return range.split(' || ').some((part) => {
    const least = numbersOf(part);
    const isSameMajor = part[0] === '^' && own[0] === least[0];
    return (isSameMajor || part[0] === '>') && isAtLeast(own, least);
  });
}

function numbersOf(text: string): number[] {
  return text
    .replace(/^[^0-9]+/, '')
    .split('.')
    .map((part) => parseInt(part, 10));
}

function isAtLeast(own: number[], least: number[]): boolean {
  const at = [0, 1, 2].filter((index) => own[index] !== least[index])[0];
  return at === undefined || Number(own[at]) > Number(least[at]);
}
