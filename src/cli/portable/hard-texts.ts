import { sha256 } from '../../lib/sha256.ts';
import { asMembers, type Members } from '../../model/read-member.ts';

/** Texts that an engine, or what reads its answer, may take for something else than text. */
export const HARD_TEXTS: readonly string[] = [
  ...['', ' ', 'NULL', '007', '1e3', '-0', '2026-03-01', '2026-03-01T00:00:00.000Z', '\\N', '{}', '[1]', '*'],
  ...[`it's "so"`, '`x` $y $z{} :a ?', '-- no\n/* no */;', 'a%b_c\\d\\', '%', '_', '\\', "''", '""', '=1+1'],
  ...['É e\u0301 \u{1f680} \u{10ffff} \ufffd', '\u202e\u2028\ufeff', 'a lone \ud83d half', '\u0001\u001b[31m\u007f'],
  ...['line\r\nline\0end', '\0', 'a\0', 'a\0b', 'a', 'A', 'ä', 'ß', 'İ', 'x'.repeat(3000)],
];

/** Of so many commands, nodes and steps, one has a text of its own instead of a hard one. */
const OWN_OF = 3;

/**
 * Returns an invocation of the simulated service with hard texts in the place of what a person or a node may have
 * written: comment, documents, names of nodes and steps, outputs. All invocations of a command keep the same document,
 * and all of a node the same name.
 */
export function withHardTexts(raw: Members): Members {
  const { CommandId, InstanceId, CommandPlugins } = raw;
  const command = String(CommandId);
  const steps: unknown[] = Array.isArray(CommandPlugins) ? CommandPlugins : [];
  return {
    ...raw,
    ...member('Comment', `comment of ${command}`),
    ...member('DocumentName', `document of ${command}`),
    ...member('InstanceName', `name of ${String(InstanceId)}`),
    CommandPlugins: steps.map((step, n) => ({
      ...asMembers(step),
      ...member('Name', `step ${n} of ${command}`),
      ...member('Output', `output ${n} of ${command} on ${String(InstanceId)}`),
    })),
  };
}

/** Returns the command of an invocation as the service lists it, with hard texts as its parameters and targets. */
export function commandWithHardTexts({ CommandId, DocumentName, RequestedDateTime, Comment }: Members): Members {
  const [parameter, target] = ['parameter', 'target'].map(
    (what) => hardText(`${what} of ${String(CommandId)}`) ?? what,
  );
  return {
    ...{ CommandId, DocumentName, RequestedDateTime, Comment, Status: 'Success', StatusDetails: 'Success' },
    ...{ Parameters: { commands: [parameter] }, Targets: [{ Key: `tag:${target}`, Values: [target] }] },
  };
}

/** Returns a hard text for most of the things of a kind, and undefined for the others. It is the same in each run. */
export function hardText(what: string): string | undefined {
  const [first = 0, second = 0] = sha256(what);
  return first % OWN_OF === 0 ? undefined : HARD_TEXTS[second % HARD_TEXTS.length];
}

function member(name: string, what: string): Members {
  const text = hardText(what);
  return text === undefined ? {} : { [name]: text };
}
