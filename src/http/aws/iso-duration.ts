/** An ISO 8601 duration as AWS writes it: `PT0.091S`, `PT1H2M3S`. */
export function isoDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = Math.floor(ms % 60_000) / 1000;
  const isShort = hours === 0 && minutes === 0;
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 || isShort ? `${seconds}S` : ''}`;
}
