/** 501: only an archive could answer this, and the server has a lake alone. The message says what to ask, and where. */
export class NotInLake extends Error {
  override name = 'NotInLake';
}
