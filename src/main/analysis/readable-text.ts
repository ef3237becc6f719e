/** The texts of a stored content, as a person reads them: JSON, also where a text spells it, becomes lines of `field: value`. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';

export type Piece = {
  /** Position among the parts of a message; 0 for other contents. */
  readonly part: number;
  readonly type: 'text' | 'reasoning' | 'tool_call' | 'tool_call_response' | 'value';
  readonly text: string;
};

/** Text that spells JSON is read as such up to this length; it is text beyond. */
const JSON_UP_TO = 2_000_000;
const DEEPEST = 60;

export function piecesOf(item: ContentItem): Piece[] {
  if (item.kind === 'text') return [{ part: 0, type: 'text', text: readText(item.text) }];
  if (item.kind === 'json') return [{ part: 0, type: 'value', text: readJson(item.value) }];
  const pieces: Piece[] = [];
  item.parts.forEach((each, part) => {
    const piece = pieceOf(each, part);
    if (piece.text !== '') pieces.push(piece);
  });
  return pieces;
}

function pieceOf(part: MessagePart, index: number): Piece {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { part: index, type: part.type, text: readText(part.content) };
    case 'tool_call':
      return { part: index, type: part.type, text: `${part.name}\n${readJson(part.arguments)}` };
    case 'tool_call_response':
      return { part: index, type: part.type, text: readJson(part.response) };
    case 'uri':
      return { part: index, type: 'value', text: part.uri };
    case 'file':
      return { part: index, type: 'value', text: part.fileId };
    case 'blob':
      // Media say nothing in letters.
      return { part: index, type: 'value', text: '' };
    case 'other':
      return { part: index, type: 'value', text: readJson(part.value) };
  }
}

function readText(text: string): string {
  const value = spelt(text);
  return value === undefined ? text : readJson(value);
}

function spelt(text: string): Json | undefined {
  if (text.length > JSON_UP_TO || !/^\s{0,200}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function readJson(value: Json): string {
  if (typeof value === 'string') return readText(value);
  const lines: string[] = [];
  write(value, '', 0, lines);
  return lines.join('\n');
}

/** One line for each value; a list of plain values is one line. */
function write(value: Json, name: string, depth: number, lines: string[]): void {
  const label = name === '' ? '' : `${name}: `;
  if (value === null) return;
  if (typeof value === 'string') {
    const inner = depth < DEEPEST ? spelt(value) : undefined;
    if (inner === undefined) lines.push(label + value);
    else write(inner, name, depth + 1, lines);
  } else if (typeof value !== 'object') {
    lines.push(label + String(value));
  } else if (depth >= DEEPEST) {
    lines.push(label + JSON.stringify(value));
  } else if (isJsonObject(value)) {
    for (const [key, each] of Object.entries(value)) write(each, key, depth + 1, lines);
  } else {
    const plain = value.map((each) => (typeof each === 'object' ? (each === null ? '' : null) : String(each)));
    if (plain.every((each) => each !== null && each.length <= 200)) lines.push(label + plain.join(', '));
    else for (const each of value) write(each, name, depth + 1, lines);
  }
}
