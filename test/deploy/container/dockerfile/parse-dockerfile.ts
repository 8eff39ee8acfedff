import { constants } from 'node:os';

/** What an instruction of a Dockerfile asks for, by its name in lower case. */
export type Instruction =
  | { kind: 'run'; command: string; caches: readonly string[] }
  | { kind: 'copy'; from: string | undefined; sources: readonly string[]; target: string }
  | { kind: 'env' | 'label'; values: Readonly<Record<string, string>> }
  | { kind: 'workdir' | 'user'; value: string }
  | { kind: 'stopsignal'; signal: NodeJS.Signals }
  | { kind: 'expose'; port: number }
  | { kind: 'volume'; paths: readonly string[] }
  | { kind: 'healthcheck'; check: HealthCheck }
  | { kind: 'entrypoint' | 'cmd'; command: readonly string[] };

export interface HealthCheck {
  command: readonly string[];
  /** Lengths of time as the Dockerfile has them: `30s`, `10m`. */
  interval: string;
  timeout: string;
  startPeriod: string;
  retries: number;
}

export interface Stage {
  /** Another stage, or an image by its tag, without its digest. */
  base: string;
  name: string | undefined;
  instructions: readonly Instruction[];
}

const VARIABLE = /\$\{?\w/;

/**
 * Parses the stages of a Dockerfile. It knows only what this project's Dockerfile has, and throws at everything else,
 * including variables and heredocs: if it read something differently from a builder, the tests would test another
 * image.
 */
export function parseDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const { line, name, rest } of instructionLines(text)) {
    try {
      if (name === 'FROM') {
        stages.push({ ...parseFrom(rest), instructions: [] });
        continue;
      }
      const stage = stages.at(-1);
      if (!stage) throw new Error('comes before FROM');
      stage.instructions.push(parseInstruction(name, rest));
    } catch (error) {
      throw new Error(`Line ${line} of the Dockerfile: ${name} ${error instanceof Error ? error.message : error}.`);
    }
  }
  return stages;
}

/** The instructions with their continuation lines joined, and without comments. */
function instructionLines(text: string): { line: number; name: string; rest: string }[] {
  const found: { line: number; name: string; rest: string }[] = [];
  let begun: { line: number; text: string } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (/^#\s*(syntax|escape|check)\s*=/i.test(line)) throw new Error(`Line ${index + 1} is a directive: ${line}`);
    if (line === '' || line.startsWith('#')) continue;
    const isContinued = line.endsWith('\\');
    const part = isContinued ? line.slice(0, -1) : line;
    begun = begun ? { ...begun, text: begun.text + part } : { line: index + 1, text: part };
    if (isContinued) continue;
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(begun.text) ?? [];
    found.push({ line: begun.line, name: name.toUpperCase(), rest });
    begun = undefined;
  }
  if (begun) throw new Error(`Line ${begun.line} of the Dockerfile goes on, and nothing follows.`);
  return found;
}

function parseFrom(rest: string): { base: string; name: string | undefined } {
  const image = /^([a-z0-9./_-]+:[\w.-]+|[a-z][a-z0-9-]*)(?:@sha256:[0-9a-f]{64})?(?: AS ([a-z][a-z0-9-]*))?$/;
  const [, base, name] = image.exec(rest) ?? [];
  if (base === undefined) throw new Error(`${rest} is not an image with its tag, or a stage`);
  return { base, name };
}

function parseInstruction(name: string, rest: string): Instruction {
  if (name !== 'RUN' && VARIABLE.test(rest)) throw new Error('has a variable');
  switch (name) {
    case 'RUN':
      return parseRun(rest);
    case 'COPY':
      return parseCopy(rest);
    case 'ENV':
    case 'LABEL':
      return { kind: name === 'ENV' ? 'env' : 'label', values: parsePairs(rest) };
    case 'WORKDIR':
    case 'USER':
      return { kind: name === 'WORKDIR' ? 'workdir' : 'user', value: parseWord(rest) };
    case 'STOPSIGNAL':
      if (!isSignal(rest)) throw new Error(`${rest} is not a signal's name`);
      return { kind: 'stopsignal', signal: rest };
    case 'EXPOSE':
      if (!/^\d+$/.test(rest)) throw new Error(`${rest} is not a port`);
      return { kind: 'expose', port: Number(rest) };
    case 'VOLUME':
      return { kind: 'volume', paths: parseList(rest) };
    case 'HEALTHCHECK':
      return { kind: 'healthcheck', check: parseHealthCheck(rest) };
    case 'ENTRYPOINT':
    case 'CMD':
      return { kind: name === 'CMD' ? 'cmd' : 'entrypoint', command: parseList(rest) };
    default:
      throw new Error('is not known here');
  }
}

function parseRun(rest: string): Instruction {
  const { flags, words } = splitFlags(rest);
  if (words.startsWith('[')) throw new Error('has the form of a list');
  if (words.includes('<<')) throw new Error('has a heredoc');
  const caches = flags.map((flag) => {
    const [, target] = /^--mount=type=cache,target=(\/[\w./-]+)$/.exec(flag) ?? [];
    if (target === undefined) throw new Error(`has ${flag}`);
    return target;
  });
  return { kind: 'run', command: words, caches };
}

function parseCopy(rest: string): Instruction {
  const { flags, words } = splitFlags(rest);
  const froms = flags.map((flag) => {
    const [, from] = /^--from=([a-z][a-z0-9-]*)$/.exec(flag) ?? [];
    if (from === undefined) throw new Error(`has ${flag}`);
    return from;
  });
  const paths = words.split(/\s+/);
  const odd = paths.find((path) => !/^[\w./-]+$/.test(path));
  if (odd !== undefined) throw new Error(`has ${odd}`);
  const target = paths.pop() ?? '';
  if (paths.length === 0 || froms.length > 1) throw new Error('needs a source, and a target');
  return { kind: 'copy', from: froms[0], sources: paths, target };
}

function parseHealthCheck(rest: string): HealthCheck {
  const { flags, words } = splitFlags(rest);
  if (!words.startsWith('CMD ')) throw new Error('has no CMD');
  const options = new Map(
    flags.map((flag) => {
      const [, option = flag, value = ''] = /^--([a-z-]+)=(\w+)$/.exec(flag) ?? [];
      return [option, value];
    }),
  );
  const take = (option: string) => {
    const value = options.get(option);
    if (value === undefined) throw new Error(`has no --${option}`);
    options.delete(option);
    return value;
  };
  const check = {
    command: parseList(words.slice('CMD '.length).trim()),
    interval: take('interval'),
    timeout: take('timeout'),
    startPeriod: take('start-period'),
    retries: Number(take('retries')),
  };
  if (options.size > 0) throw new Error(`has ${[...options.keys()].join(', ')}`);
  return check;
}

/** Divides the flags at the beginning from the rest. */
function splitFlags(rest: string): { flags: string[]; words: string } {
  const [all = ''] = /^(--\S+\s+)*/.exec(rest) ?? [];
  return { flags: all.split(/\s+/).filter((flag) => flag !== ''), words: rest.slice(all.length) };
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

function parseWord(rest: string): string {
  if (!/^[\w./:-]+$/.test(rest)) throw new Error(`${rest} is not one word`);
  return rest;
}

function parseList(rest: string): string[] {
  const list: unknown = rest.startsWith('[') ? JSON.parse(rest) : undefined;
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) throw new Error('is not a list of texts');
  return list.map(String);
}

/** Parses `NAME=value NAME="a value"`. Nothing else may be in the text. */
function parsePairs(rest: string): Record<string, string> {
  const pair = /([\w.]+)=(?:"([^"\\]*)"|([^\s"'\\]+))(?:\s+|$)/y;
  const values: Record<string, string> = {};
  while (pair.lastIndex < rest.length) {
    const at = pair.lastIndex;
    const [, name = '', quoted, bare = ''] = pair.exec(rest) ?? [];
    if (name === '') throw new Error(`has ${rest.slice(at)}`);
    values[name] = quoted ?? bare;
  }
  return values;
}
