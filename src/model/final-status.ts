import { STATUS_LIST, type StatusKind } from './statuses.ts';

export type { StatusKind };

const statusesOfKind = (...kinds: StatusKind[]) =>
  STATUS_LIST.filter(({ kind }) => kinds.includes(kind)).map(({ status }) => status);

/** All that are known, Success first. */
export const KNOWN_STATUSES: readonly string[] = statusesOfKind('good', 'bad', 'busy');
/** Those that nothing leaves. */
export const FINAL_STATUSES: readonly string[] = statusesOfKind('good', 'bad');
/** Final, and no success. */
export const NOT_SUCCEEDED: readonly string[] = statusesOfKind('bad');

const KINDS = new Map<string, StatusKind>(STATUS_LIST.map(({ status, kind }) => [status, kind]));
const KINDS_OF_DETAILS = new Map<string, StatusKind>(
  STATUS_LIST.flatMap(({ kind, details }) => details.map((one) => [one, kind] as const)),
);

/** Whether a Status is one that nothing leaves. */
export function isFinal(status: string | null): boolean {
  return kindOfStatus(status) !== 'busy';
}

/** How something of this Status ended; one that nobody knows has not. */
export function kindOfStatus(status: string | null): StatusKind {
  return KINDS.get(status ?? '') ?? 'busy';
}

/** The same of StatusDetails; undefined for details that nobody knows, which say nothing of the Status that they came with. */
export function kindOfDetails(details: string | null): StatusKind | undefined {
  return KINDS_OF_DETAILS.get(details ?? '');
}
