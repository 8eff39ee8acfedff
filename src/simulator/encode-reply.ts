/** Members that hold times. This can't match inside a text by mistake, because JSON escapes the quotes in a text. */
const TIME = /"(RequestedDateTime|ExpiresAfter|ResponseStartDateTime|ResponseFinishDateTime)":(-?\d+(?:\.\d+)?)/g;

/**
 * Encodes a reply as JSON, with times in exponent form if that is asked for: `1.541992493965E9`, as the service
 * sometimes sends them.
 */
export function encodeReply(reply: object, isExponent: boolean): string {
  const json = JSON.stringify(reply);
  if (!isExponent) return json;
  return json.replace(TIME, (_, name: string, time: string) => {
    const [mantissa = '0', exponent = '+0'] = Number(time).toExponential().split('e');
    return `"${name}":${mantissa}E${exponent.replace('+', '')}`;
  });
}
