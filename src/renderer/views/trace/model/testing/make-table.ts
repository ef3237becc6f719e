/** Span columns for tests, from an indented outline: one span a line, `name start end flags`, where `-` is an unknown time. */
import { SPAN_KINDS, SPAN_STATUSES, type SpanKind, type SpanStatus } from '#shared/record.ts';
import { SPAN_FLAGS, type SpanColumns } from '#shared/trace.ts';
import { createSpanTable, type SpanTable } from '../span-table.ts';

type Line = { depth: number; name: string; start: number; end: number; words: readonly string[] };

export function makeTable(outline: string): SpanTable {
  return createSpanTable(makeColumns(outline));
}

export function makeColumns(outline: string): SpanColumns {
  const lines: Line[] = outline
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', start = '0', end = '1', ...words] = line.trim().split(/\s+/);
      return { depth: (line.length - line.trimStart().length) / 2, name, start: time(start), end: time(end), words };
    });
  const base = Math.min(...lines.map((line) => line.depth));
  const count = lines.length;
  const strings = [''];
  const intern = (value: string): number => {
    const at = strings.indexOf(value);
    return at >= 0 ? at : strings.push(value) - 1;
  };
  const parent = new Int32Array(count).fill(-1);
  const subtreeEnd = new Int32Array(count);
  const open: number[] = [];
  lines.forEach((line, row) => {
    open.length = line.depth - base;
    parent[row] = open.at(-1) ?? -1;
    open.push(row);
    for (const at of open) subtreeEnd[at] = row + 1;
  });
  const word = <T extends string>(line: Line, known: readonly T[], otherwise: T): number =>
    known.indexOf(known.find((candidate) => line.words.includes(candidate)) ?? otherwise);
  return {
    count,
    ids: lines.map((line) => line.name),
    parent,
    depth: Uint16Array.from(lines, (line) => line.depth - base),
    subtreeEnd,
    start: Float64Array.from(lines, (line) => line.start),
    end: Float64Array.from(lines, (line) => line.end),
    kind: Uint8Array.from(lines, (line) => word<SpanKind>(line, SPAN_KINDS, 'custom')),
    status: Uint8Array.from(lines, (line) => word<SpanStatus>(line, SPAN_STATUSES, 'ok')),
    flags: Uint8Array.from(lines, (line) => (line.words.includes('orphan') ? SPAN_FLAGS.missingParent : 0)),
    name: Uint32Array.from(lines, (line) => intern(line.name)),
    subtype: new Uint32Array(count),
    agent: Uint32Array.from(lines, (line) => intern(line.words.find((one) => one.startsWith('@'))?.slice(1) ?? '')),
    model: new Uint32Array(count),
    tool: new Uint32Array(count),
    inputTokens: new Float64Array(count).fill(NaN),
    outputTokens: new Float64Array(count).fill(NaN),
    cost: new Float64Array(count).fill(NaN),
    strings,
  };
}

function time(text: string): number {
  return text === '-' ? NaN : Number(text);
}
