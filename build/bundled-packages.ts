import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ALLOWED_LICENCES, TEXTS_ELSEWHERE, type TextElsewhere } from './licence-rules.ts';

export interface BundledPackage {
  name: string;
  version: string;
  licence: string;
  /** Of its licences and notices. */
  texts: string[];
  /** Why its text is another's. */
  because?: string;
  /** Names of packages that it has inside it, bundled by its own makers. */
  contains: string[];
}

const LICENCE_FILE = /^((un)?licen[cs]e|copying|notice|third[-_]?party)/i;
const packageForm = z.object({ name: z.string(), version: z.string(), license: z.string().catch('none') });
const sourceMapForm = z.object({ sources: z.array(z.string()) });

/**
 * The packages that files of node_modules are from, by name: of those that esbuild has bundled, and of those that are
 * copied as their makers have bundled them. It throws where a package may not be passed on, or would be without the text
 * of its licence.
 */
export function bundledPackages(
  { inputs, copied }: { inputs: readonly string[]; copied: readonly string[] },
  textsElsewhere: readonly TextElsewhere[] = TEXTS_ELSEWHERE,
): BundledPackage[] {
  const folders = new Set([...inputs, ...copied].map(packageFolder).filter((folder) => folder !== ''));
  const packages = [...folders].map((folder) => {
    const own = copied.filter((file) => packageFolder(file) === folder);
    return readPackage(folder, own, textsElsewhere);
  });
  const faults = packages.flatMap((found) => faultsOf(found));
  for (const { name } of textsElsewhere) {
    const found = packages.find((each) => each.name === name);
    if (found?.because === undefined)
      faults.push(
        `TEXTS_ELSEWHERE has ${name}, which ${found ? 'has a text of its own' : 'is not bundled'}: remove it.`,
      );
  }
  if (faults.length > 0) throw new Error(`build/licence-rules.ts and what is bundled differ:\n${faults.join('\n')}`);
  const once = new Map(packages.map((found) => [`${found.name} ${found.version}`, found]));
  return [...once.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** `a/node_modules/b/node_modules/@c/d` of `a/node_modules/b/node_modules/@c/d/e.js`; nothing of a file of ours. */
function packageFolder(file: string): string {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? '';
}

function readPackage(folder: string, copied: string[], textsElsewhere: readonly TextElsewhere[]): BundledPackage {
  const { name, version, license: licence } = packageForm.parse(readJson(join(folder, 'package.json')));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readText(join(folder, file)));
  // Webpack puts the licences of what it bundles into a file of their own.
  const ofWebpack = copied.map((file) => `${file}.LICENSE.txt`).filter((file) => existsSync(file));
  texts.push(...ofWebpack.map(readText));
  const found = { name, version, licence, texts, contains: containedIn(copied) };
  const elsewhere = textsElsewhere.find((each) => each.name === name);
  if (texts.length > 0 || !elsewhere) return found;
  return { ...found, texts: [readText(elsewhere.file)], because: elsewhere.because };
}

/** What the source maps of files name. Only their names: their versions and texts are nowhere in the package. */
function containedIn(copied: string[]): string[] {
  const maps = copied.map((file) => `${file}.map`).filter((map) => existsSync(map));
  const sources = maps.flatMap((map) => sourceMapForm.parse(readJson(map)).sources);
  const folders = sources.map(packageFolder).filter((folder) => folder !== '');
  return [...new Set(folders.map((folder) => folder.replace(/^.*node_modules\//, '')))].sort(compare);
}

function faultsOf({ name, version, licence, texts }: BundledPackage): string[] {
  const faults: string[] = [];
  if (texts.length === 0)
    faults.push(`${name} ${version} has no text of its licence (${licence}): find it, and name it in TEXTS_ELSEWHERE.`);
  if (!ALLOWED_LICENCES.includes(licence))
    faults.push(
      `${name} ${version} has the licence ${licence}, which is not in ALLOWED_LICENCES: may it be passed on?`,
    );
  return faults;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** By code units, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
