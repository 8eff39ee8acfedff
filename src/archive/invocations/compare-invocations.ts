import { decodeOutput } from '../../lib/text/decode-output.ts';
import { type Hunk, lineDiff } from '../../lib/text/line-diff.ts';
import type { InvocationView, PluginView } from './invocation-view.ts';

/** A member that differs, with its path: `status`, `plugins[0].responseCode`. Null if one side does not have it. */
export interface FieldChange {
  path: string;
  left: unknown;
  right: unknown;
}

/** The outputs of one step, side by side. */
export interface OutputComparison {
  position: number;
  name: string | null;
  isSame: boolean;
  /**
   * Lines of the texts, decoded if a program wrote UTF-16. If only the encoding differs, there are no lines and isSame
   * is false.
   */
  hunks: Hunk[];
  /** The texts have so little in common that no lines are compared. */
  isCut: boolean;
}

export interface Comparison {
  fields: FieldChange[];
  outputs: OutputComparison[];
}

/** Members that the archive adds: they say when the archive saw the invocation, not what the service said about it. */
const OWN_MEMBERS = ['firstSeenAt', 'changedAt', 'plugins'];

/** What differs between two invocations. Both must have their steps and outputs. Steps are matched by position. */
export function compareInvocations(left: InvocationView, right: InvocationView): Comparison {
  return { fields: compareFields(left, right), outputs: compareOutputs(left.plugins ?? [], right.plugins ?? []) };
}

/**
 * The members that differ. For an output only its digest and size are compared here, because its text is compared line
 * by line.
 */
export function compareFields(left: InvocationView, right: InvocationView): FieldChange[] {
  const changes = changesAt('', withoutOwn(left), withoutOwn(right));
  const steps = Math.max(left.plugins?.length ?? 0, right.plugins?.length ?? 0);
  for (let n = 0; n < steps; n++) {
    changes.push(...changesAt(`plugins[${n}].`, withoutOutput(left.plugins?.[n]), withoutOutput(right.plugins?.[n])));
  }
  return changes;
}

function withoutOwn(invocation: InvocationView): Map<string, unknown> {
  return new Map(Object.entries(invocation).filter(([member]) => !OWN_MEMBERS.includes(member)));
}

function withoutOutput(plugin: PluginView | undefined): Map<string, unknown> {
  return new Map(Object.entries(plugin ?? {}).filter(([member]) => member !== 'output'));
}

/** The members of an object that differ, each with its name as the path. */
export function changesOf(left: object, right: object): FieldChange[] {
  return changesAt('', new Map(Object.entries(left)), new Map(Object.entries(right)));
}

function changesAt(path: string, left: Map<string, unknown>, right: Map<string, unknown>): FieldChange[] {
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((member) => {
    const change = { path: path + member, left: left.get(member) ?? null, right: right.get(member) ?? null };
    return JSON.stringify(change.left) === JSON.stringify(change.right) ? [] : [change];
  });
}

function compareOutputs(left: readonly PluginView[], right: readonly PluginView[]): OutputComparison[] {
  const steps = Math.max(left.length, right.length);
  return Array.from({ length: steps }, (_, position) => {
    const [a, b] = [left[position], right[position]];
    const hunks = lineDiff(decodeOutput(a?.output ?? ''), decodeOutput(b?.output ?? ''));
    return {
      position,
      name: a?.name ?? b?.name ?? null,
      isSame: (a?.output ?? null) === (b?.output ?? null),
      hunks: hunks ?? [],
      isCut: hunks === undefined,
    };
  });
}
