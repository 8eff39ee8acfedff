/**
 * What a person wrote as a value: a number only where it is written as one is shown. 012345678901 keeps its zero, and
 * 9007199254740993 its last digit.
 */
export function numberOrText(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}
