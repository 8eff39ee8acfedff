import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml';

/**
 * Finds a fault in a file by its key, such as `sources[0].alias`, and returns the number of the line. Undefined if the
 * key is not in the file.
 */
export function lineInFile(document: Document, lines: LineCounter, key: string): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const [, name, index] of key.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node) && name !== undefined) {
      const pair = node.items.find(({ key: of }) => isScalar(of) && String(of.value) === name);
      if (!pair) break;
      offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node) && index !== undefined) {
      node = node.items[Number(index)];
      offset = isNode(node) ? node.range?.[0] : offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
