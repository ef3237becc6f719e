/**
 * A sequence as a Mermaid sequence diagram. Syntax: https://mermaid.js.org/syntax/sequenceDiagram.html; names and labels
 * come from traces, so every character that could mean something is written as a numeric entity (`#59;`).
 */
import type { Sequence } from './sequence.ts';
import type { OpenFolds } from './sequence-rows.ts';
import { sequenceRows } from './sequence-rows.ts';
import { arrowText, doubtSentences, foldText, goesBack, messageAt } from './sequence-words.ts';

/** Longer names tell no more in a picture. */
const LONGEST = 120;
/** Renderers refuse far larger diagrams anyway. */
export const MERMAID_ROWS = 5_000;

export function toMermaid(sequence: Sequence, open: OpenFolds = new Set()): string {
  const { message, frames } = sequenceRows(sequence, open);
  const lines = ['sequenceDiagram'];
  for (const doubt of doubtSentences(sequence)) lines.push(`  %% ${doubt}`);
  sequence.participants.forEach(({ kind, name }, k) => {
    lines.push(`  ${kind === 'user' ? 'actor' : 'participant'} p${k} as ${escapeMermaid(name)}`);
  });
  const rows = Math.min(message.length, MERMAID_ROWS);
  const closing: number[] = [];
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let frame = frames[next]; frame?.first === row; frame = frames[++next]) {
      const { count } = sequence.folds;
      const text = frame.open ? `repeated ${count[frame.fold] ?? 0} times` : foldText(sequence, frame.fold);
      lines.push(
        `${indent(closing.length)}${frame.open ? 'rect rgba(128, 128, 128, 0.1)' : `loop ${escapeMermaid(text)}`}`,
      );
      closing.push(Math.min(frame.last, rows - 1));
    }
    const position = message[row] ?? 0;
    const view = messageAt(sequence, position);
    const line = goesBack(view.kind) ? '--' : '-';
    const head = view.status === 'error' ? 'x' : '>>';
    const ends = `p${sequence.from[position] ?? 0}${line}${head}p${sequence.to[position] ?? 0}`;
    lines.push(`${indent(closing.length)}${ends}: ${escapeMermaid(arrowText(view))}`);
    while (closing.at(-1) === row) {
      closing.pop();
      lines.push(`${indent(closing.length)}end`);
    }
  }
  const left = sequence.total - ((message[rows - 1] ?? -1) + 1);
  if (rows < message.length) lines.push(`  %% ${left} more messages are not in this diagram.`);
  return `${lines.join('\n')}\n`;
}

function indent(depth: number): string {
  return '  '.repeat(depth + 1);
}

/** One line that Mermaid takes as text and nothing else. */
export function escapeMermaid(text: string): string {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '\ufffd')
    .trim();
  const characters = [...line];
  const short = characters.length > LONGEST ? [...characters.slice(0, LONGEST - 1), '…'] : characters;
  return (
    short
      .map((character) =>
        /^[\p{L}\p{N}\p{M} .:,/_()→×…-]$/u.test(character) ? character : `#${character.codePointAt(0) ?? 0};`,
      )
      .join('')
      // The one word that ends a block, wherever it stands.
      .replace(/\be(nd)\b/gi, (word) => `#${word.codePointAt(0) ?? 0};${word.slice(1)}`) || '#8211;'
  );
}
