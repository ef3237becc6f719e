/** Text for people: aligned tables, and trace content made harmless for a terminal. */
import type { CostBasis } from '#shared/prices.ts';
import type { Io } from './io.ts';

export type Align = 'left' | 'right';
export type Column<Row> = { readonly head: string; readonly align?: Align; readonly cell: (row: Row) => string };

/** What people copy from a table stays whole. */
const IDS: ReadonlySet<string> = new Set(['ID', 'TRACE']);
/** One long name must not push all other columns away; the last column pushes none. */
const MOST_CELLS = 72;

/**
 * A table with two spaces between columns and none after the last.
 * @param width cuts lines to this many terminal cells; null = never
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number | null = null): string {
  const last = columns.length - 1;
  const told = (row: Row): string[] =>
    columns.map(({ head, cell }, k) => (k === last || IDS.has(head) ? cell(row) : cut(cell(row), MOST_CELLS)));
  const cells = [columns.map(({ head }) => head), ...rows.map(told)];
  const widths = columns.map((_, k) => cells.reduce((most, line) => Math.max(most, cellsOf(line[k] ?? '')), 0));
  const lines = cells.map((line) =>
    line
      .map((text, k) => {
        const space = ' '.repeat(Math.max(0, (widths[k] ?? 0) - cellsOf(text)));
        return columns[k]?.align === 'right' ? space + text : text + space;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${width === null ? line : cut(line, width)}\n`).join('');
}

/**
 * One line that can do nothing but be read: line breaks become spaces; control characters and those that turn the
 * direction of text around, which can forge what a terminal shows, become U+FFFD.
 */
export function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Shortens to `width` terminal cells, with an ellipsis where something was cut off. */
export function cut(text: string, width: number): string {
  if (cellsOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** How many cells of a terminal the text takes. */
function cellsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += widthOf(segment);
  return cells;
}

function widthOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

type Colour = 'red' | 'green' | 'yellow' | 'dim';
const CODES: Readonly<Record<Colour, string>> = { red: '31', green: '32', yellow: '33', dim: '2' };

/** Colours only a terminal, and only when the person did not ask for none. */
export function paint(io: Io, colour: Colour, text: string): string {
  return io.outIsTerminal && !io.env.NO_COLOR ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** "1.4k", "2.1M": counts for people. */
export function compact(count: number | null): string {
  if (count === null) return '–';
  if (Math.abs(count) < 1_000) return String(count);
  if (Math.abs(count) < 999_950) return `${(count / 1e3).toFixed(1)}k`;
  return `${(count / 1e6).toFixed(1)}M`;
}

/** "$0.12", "<$0.0001", and "≈$0.12" when any part of it is an estimate. */
export function money(usd: number | null, basis: CostBasis | null): string {
  if (usd === null) return '–';
  const small = usd !== 0 && Math.abs(usd) < 0.01;
  if (small && Math.abs(usd) < 0.00005) return '<$0.0001';
  return `${basis === 'stated' ? '' : '≈'}$${usd.toFixed(small ? 4 : 2)}`;
}

export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
