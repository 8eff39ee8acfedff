import { lstatSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { findPathFault, pathFault } from '../lib/errors/path-fault.ts';
import { decodeText } from '../lib/text-file/decode-text.ts';
import { SEVERAL_DOCUMENTS } from '../lib/text-file/several-documents.ts';
import { TextUnreadable } from '../lib/text-file/text-unreadable.ts';
import { faultsOf, memberPath } from '../lib/words/own-words.ts';
import { wordsOfYaml } from '../lib/words/yaml-words.ts';
import type { ConfigFault } from './config-invalid.ts';
import { lineInFile } from './line-in-file.ts';
import { reportEntry } from './report-entry.ts';
import { settings } from './settings.ts';
import { regionName, sourceForm } from './source-form.ts';
import { PREFIX } from './variables.ts';
import { verifyForm } from './verify-form.ts';

const DEFAULT_FILE = 'archive.yaml';

const fileForm = z.strictObject({
  ...Object.fromEntries(Object.entries(settings).map(([key, form]) => [key, form.optional()])),
  regions: z.array(regionName).optional(),
  sources: z.array(sourceForm).min(1, 'must have at least one source').optional(),
  reports: z.array(reportEntry).optional(),
  verify: verifyForm.optional(),
});

type FileSettings = z.output<typeof fileForm> & Record<string, unknown>;

export interface SettingsFile {
  settings: FileSettings;
  /** Returns the place of a key in the file, if the file has the key. */
  whereIs(key: string): { where?: string };
}

interface FileToFind {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The value of --config; undefined if it was not given. */
  config: string | undefined;
}

/**
 * Reads archive.yaml, or the file that --config or SSM_ARCHIVE_CONFIG names. Adds everything that is wrong with it to
 * `faults`, and returns the valid parts. There may be no archive.yaml.
 */
export function readSettingsFile({ env, cwd, config }: FileToFind, faults: ConfigFault[]): SettingsFile {
  const variable = env[`${PREFIX}CONFIG`];
  const named = config ?? (variable || undefined);
  const path = resolve(cwd, named ?? DEFAULT_FILE);
  const nothing = { settings: {}, whereIs: () => ({}) };
  const key = config !== undefined ? '--config' : named === undefined ? path : `${PREFIX}CONFIG`;
  // A symbolic link without a target counts as a file, because its target may be on a disk that is not mounted.
  if (named === undefined && lstatSync(path, { throwIfNoEntry: false }) === undefined) return nothing;
  const fault = findPathFault(path);
  if (fault !== undefined) {
    const remedy = fault.includes(' is a folder') ? ': give the path of the settings file in that folder' : '';
    faults.push({ key, problem: fault + remedy });
    return nothing;
  }
  const lines = new LineCounter();
  let text: string;
  try {
    text = decodeText(readFileSync(path));
  } catch (error) {
    if (error instanceof TextUnreadable) {
      faults.push({ key: path, problem: error.message });
      return nothing;
    }
    faults.push({ key, problem: pathFault(path, error) ?? `${path} can't be read` });
    return nothing;
  }
  // The failsafe schema keeps every scalar as text, so an account such as 012345678901 keeps its zero.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  if (document.errors.length > 0) {
    const severalIn = ({ code }: { code: string }) => code === 'MULTIPLE_DOCS';
    faults.push(
      ...document.errors.map((error) => ({
        key: path,
        ...(severalIn(error) ? { problem: SEVERAL_DOCUMENTS } : wordsOfYaml(error)),
      })),
    );
    return nothing;
  }
  const whereIs = (of: string) => {
    const line = lineInFile(document, lines, of);
    return line === undefined ? {} : { where: `${basename(path)}, line ${line}` };
  };
  const content: unknown = document.toJS();
  const parsed = fileForm.safeParse(content || {});
  if (parsed.success) return { settings: parsed.data, whereIs };
  faults.push(...configFaultsOf(parsed.error, ''));
  // The valid parts are still checked, so that their other faults are reported at the same time.
  const faulty = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const sound = isObject(content)
    ? Object.entries(content).filter(([key]) => !faulty.has(key) && key in fileForm.shape)
    : [];
  const again = fileForm.safeParse(Object.fromEntries(sound));
  return { settings: again.success ? again.data : {}, whereIs };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Returns what is wrong with a setting, or with a part of the file, in the form of the configuration's faults. */
export function configFaultsOf(error: z.ZodError, root: string): ConfigFault[] {
  return faultsOf(error).map(({ path, message, isUnknown, proposal = '' }) => {
    const place = memberPath(path);
    const key = root === '' ? place : `${root}${place.startsWith('[') || place === '' ? '' : '.'}${place}`;
    const unknown = proposal === '' ? 'is not a setting; see docs/configuration.md' : `is not a setting.${proposal}`;
    return { key: key || DEFAULT_FILE, problem: isUnknown ? unknown : message };
  });
}
