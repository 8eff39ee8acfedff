/** What a verification did not read because it is in the lake. */
export interface SealedPart {
  /** How many leaves have their rows in the lake alone. */
  sealed: number;
  sealedDays: number;
}

/** Returns a sentence about what is in the lake and was not read; none if no day is sealed. */
export function saySealed({ sealed, sealedDays }: SealedPart): string[] {
  if (sealedDays === 0) return [];
  const leaves = sealed === 1 ? '1 leaf' : `${sealed.toLocaleString('en-US')} leaves`;
  const days = sealedDays === 1 ? '1 sealed day' : `${sealedDays.toLocaleString('en-US')} sealed days`;
  return [
    `The lake was not read: the rows of ${leaves} of ${days} are there alone. Their hashes fit the tree, and the ledger names the objects of the lake by their digests; "ssm-archive verify --lake" reads these. The daily counts of these days were compared in sum only.`,
  ];
}
