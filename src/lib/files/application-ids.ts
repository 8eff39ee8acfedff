/** SQLite's application_id of each kind of file that there is: none can be taken for another, nor for another program's. */
export const APPLICATION_IDS = {
  // 'ssmA', 'ssmT' and 'ssmL' in ASCII.
  archive: 0x73736d41,
  authDb: 0x73736d54,
  accessDb: 0x73736d4c,
} as const;
