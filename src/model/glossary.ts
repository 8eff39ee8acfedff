import type { OutcomeSoFar } from './coverage/outcomes.ts';
import { FINAL_STATUSES } from './final-status.ts';

/** A term of this product or of AWS, as the console, the commands and the docs use it. */
export interface GlossaryTerm {
  name: string;
  /** The anchor of the term's explanation: the part of the URL after the #. */
  anchor: string;
  /** The explanation in whole sentences, without markup. */
  means: string;
}

const term = (name: string, means: string): GlossaryTerm => ({
  name,
  anchor: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  means,
});

/** Terms for things of AWS. */
export const TERMS_OF_AWS: readonly GlossaryTerm[] = [
  term('command', 'What somebody sent with SendCommand: a document, its parameters, and the nodes that it is for.'),
  term(
    'document',
    'What a command runs: a list of steps with their parameters, such as AWS-RunShellScript or one of your own.',
  ),
  term('node', 'A machine with the agent of Systems Manager: an EC2 instance (i-…), or a hybrid one (mi-…).'),
  term(
    'invocation',
    'One command on one node. A command that is sent to twenty nodes has twenty invocations, each with a status of its own.',
  ),
  term(
    'step',
    'One plugin of a document as it ran in an invocation, with its status, exit code, times and output. AWS calls it a plugin.',
  ),
  term(
    'skipped step',
    'A step that did not run because a precondition of its document was not met on that node, such as one for another platform. AWS gives it the status Success.',
  ),
  term(
    'max-errors',
    'How many invocations of a command may fail before the service stops sending it to more nodes. Not every status other than Success counts; the table says which ones do.',
  ),
  term(
    'final',
    `A status after which no other comes: ${FINAL_STATUSES.slice(0, -1).join(', ')} and ${FINAL_STATUSES.at(-1)}. The service may still correct one; late looks find that.`,
  ),
  term(
    'unfinished',
    'Not final: an invocation whose end is still to come, or was never seen. An unknown status counts as unfinished everywhere.',
  ),
];

/** Terms for things of the archive. */
export const TERMS_OF_ARCHIVE: readonly GlossaryTerm[] = [
  term('source', 'One account and region that the configuration tells the archive to collect.'),
  term(
    'pass',
    'One round in which all sources are collected. The server makes one every five minutes, unless its schedule says otherwise.',
  ),
  term(
    'sweep',
    'One listing within a pass: the invocations of one account and region in a span of requested time, reply after reply to the end.',
  ),
  term(
    'late look',
    'A later sweep over invocations that are final already, to see whether the service has changed them.',
  ),
  term('covered', 'A span of requested time that a sweep has listed to its end, without a failure.'),
  term('gap', 'A span of requested time that no sweep has listed to its end. What ran in it may be missing.'),
  term(
    'edge',
    'The first part of what is covered. It was listed to its end, but does not count as complete, because commands that were sent earlier may have invocations in it that the service no longer showed.',
  ),
  term(
    'owed',
    'A configured source is owed from its first pass until the command "source end" ends it. As long as an owed source is not collected, nothing is complete.',
  ),
  term(
    'missing source',
    'A source that is owed and that AWS has never answered. Its account may not be known, so invocations of any account may be missing.',
  ),
  term(
    'never seen',
    'A value that somebody searched for, and that no invocation, setting or tombstone of the archive contains. It may be misspelt, so an empty answer proves nothing.',
  ),
  term(
    'observed state',
    'An invocation with its steps, as one reply of the service showed it. Each state that differs from the previous one is kept, and is never changed later.',
  ),
  term(
    'state batch',
    'The observed states that one transaction stored, compressed together. Each row of the table revision_pages is one state batch.',
  ),
  term(
    'output',
    'What a step printed, but at most 2,500 bytes, because the service keeps no more. Equal texts are kept once. Text that a program wrote as UTF-16 is decoded before it is searched or shown.',
  ),
  term(
    'ledger',
    'The list of all observed states and other events, as a Merkle tree. Nobody can change or leave out a leaf unnoticed.',
  ),
  term(
    'leaf',
    'One entry of the ledger. Each leaf has a number. A proof shows that a leaf is in the tree of a checkpoint.',
  ),
  term(
    'checkpoint',
    'The size and the root of the ledger at one moment, signed by its key. It can prove every leaf that the ledger had at that moment.',
  ),
  term(
    'certificate',
    'A signed statement of which spans of an account and region are covered, which are not, and why.',
  ),
  term(
    'evidence pack',
    'A signed file with invocations, their observed states and the proofs of these states. Others can check it without the archive.',
  ),
  term(
    'hold',
    'An order not to prune something, with the reason and the person who gave the order. It is in force until it is released.',
  ),
  term(
    'pruned',
    'Removed on purpose, because a person ordered it and gave a reason. Whole invocations can be pruned, or only the texts of their outputs.',
  ),
  term(
    'tombstone',
    'The leaf that a pruning run adds to the ledger. It says what was removed, when, why and by whom, and is itself never removed.',
  ),
];

/** How a pass, a source or a sweep ended, in the words of its badge. */
export const OUTCOME_MEANINGS = {
  complete: 'Everything was listed to the end.',
  running: 'The work is still going on. Or its process died, and the next pass will mark this work as interrupted.',
  failed: 'Not everything was listed to the end. The error says why, and the next pass tries again.',
  interrupted: 'The work was stopped before its end. What was listed by then is kept, and the next pass continues.',
} as const satisfies Record<OutcomeSoFar, string>;

const MEANINGS_OF_OUTCOMES = new Map<string, string>(Object.entries(OUTCOME_MEANINGS));

export function titleOfOutcome(outcome: string): string {
  return MEANINGS_OF_OUTCOMES.get(outcome) ?? 'An outcome that this version does not know.';
}

/** Returns the address of the glossary's explanation of an outcome. */
export function anchorOfOutcome(outcome: string): string {
  return MEANINGS_OF_OUTCOMES.has(outcome) ? `outcome-${outcome}` : 'outcomes';
}
