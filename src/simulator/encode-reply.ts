/** Members that hold times. A text can't be mistaken for one: in JSON its quotes are escaped. */
const TIME = /"(RequestedDateTime|ExpiresAfter|ResponseStartDateTime|ResponseFinishDateTime)":(-?\d+(?:\.\d+)?)/g;

/** A reply's JSON, its times in exponent form where that is asked for: `1.541992493965E9`, as the service has them at times. */
export function encodeReply(reply: object, isExponent: boolean): string {
  const json = JSON.stringify(reply);
  if (!isExponent) return json;
  return json.replace(TIME, (_, name: string, time: string) => {
    const [mantissa = '0', exponent = '+0'] = Number(time).toExponential().split('e');
    return `"${name}":${mantissa}E${exponent.replace('+', '')}`;
  });
}
