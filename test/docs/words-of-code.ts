import { type Node, walkNodes } from '../walk-nodes.ts';

/**
 * A file's text in which everything is blank except what people read: comments, strings, and the text of elements. All
 * of that stays in its place. Code that a comment has between backquotes is blank too.
 */
export function wordsOfCode(source: string, file: string): string {
  const words = source.replaceAll(/[^\n]/g, ' ').split('');
  const keep = (from: number, text: string) => words.splice(from, text.length, ...text.split(''));
  const rest = source.split('');
  walkNodes(source, file, (node) => {
    const [from, to] = [Number(node.start), Number(node.end)];
    if (isText(node)) keep(from, source.slice(from, to));
    if (isText(node) || node.type === 'Literal') rest.fill(' ', from, to);
  });
  // What is left of a file without its strings and regular expressions has slashes of this kind only in comments.
  for (const { index, 0: comment } of rest.join('').matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)) {
    keep(index, withoutMarks(source.slice(index, index + comment.length)));
  }
  return words.join('');
}

function isText({ type, value }: Node): boolean {
  return type === 'TemplateElement' || type === 'JSXText' || (type === 'Literal' && typeof value === 'string');
}

/** A comment without its slashes and stars, so that a phrase can go on to its next line, and without code. */
function withoutMarks(comment: string): string {
  const spaces = (text: string) => ' '.repeat(text.length);
  return comment.replaceAll(/^[^\S\n]*(?:\/\*+|\*+\/?|\/\/)|\*\/$/gm, spaces).replaceAll(/`[^`\n]*`/g, spaces);
}
