/**
 * SQLite's application_id for each kind of file, so that a file is never mistaken for a file of another kind or of
 * another program.
 */
export const APPLICATION_IDS = {
  // 'ssmA', 'ssmT' and 'ssmL' in ASCII.
  archive: 0x73736d41,
  authDb: 0x73736d54,
  accessDb: 0x73736d4c,
} as const;
