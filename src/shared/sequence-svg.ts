/**
 * A sequence as one SVG file that needs nothing else: no script, no link, no font; light or dark as its reader's system
 * is. All text from the trace is escaped.
 */
import type { Sequence } from './sequence.ts';
import type { OpenFolds } from './sequence-rows.ts';
import { rowOfMessage, sequenceRows } from './sequence-rows.ts';
import { arrowText, doubtSentences, foldText, goesBack, messageAt } from './sequence-words.ts';

/** More make a file that no viewer opens. */
export const SVG_ROWS = 2_000;

const COLUMN = 168;
const HEAD = 44;
const ROW = 34;
const BAR = 5;
/** Letters that fit on a head and between two neighbours, about. */
const HEAD_LETTERS = 20;
const LABEL_LETTERS = 26;

const STYLE = `
svg{--bg:#fff;--ink:#13161c;--dim:#5d6574;--line:#bcc2cd;--fill:#f6f7f9;--agent:#0b5fc4;--error:#c0272d;--frame:#855600}
@media (prefers-color-scheme:dark){svg{--bg:#0f1216;--ink:#eff2f7;--dim:#949cac;--line:#454d5b;--fill:#161a20;--agent:#62aeff;--error:#ff7f77;--frame:#f0b63d}}
text{font:11px system-ui,sans-serif;fill:var(--ink)}
.bg{fill:var(--bg)}.head{fill:var(--fill);stroke:var(--line)}.agent{stroke:var(--agent)}.user{stroke:var(--ink)}
.life{stroke:var(--line)}.bar{fill:var(--fill);stroke:var(--dim)}.arrow{stroke:var(--ink);fill:none}.tip{fill:var(--ink)}
.back{stroke:var(--dim)}.handoff{stroke:var(--agent);stroke-width:2}.inferred{stroke-dasharray:5 4}
.error{stroke:var(--error)}text.error{fill:var(--error);stroke:none}.tip.error{fill:var(--error)}.tip.back{fill:none;stroke:var(--dim)}
.frame{fill:none;stroke:var(--frame);stroke-dasharray:2 3}text.frame{fill:var(--frame);stroke:none}.dim{fill:var(--dim)}
.plate{paint-order:stroke;stroke:var(--bg);stroke-width:4px}
`.trim();

export function toSvg(sequence: Sequence, open: OpenFolds = new Set()): string {
  const all = sequenceRows(sequence, open);
  const rows = Math.min(all.message.length, SVG_ROWS);
  const shown = { ...all, message: all.message.subarray(0, rows) };
  const notes = doubtSentences(sequence);
  const left = sequence.total - ((shown.message[rows - 1] ?? -1) + 1);
  if (rows < all.message.length) notes.push(`${left} more messages are not in this picture.`);
  const width = Math.max(1, sequence.participants.length) * COLUMN + 24;
  const bottom = HEAD + 16 + rows * ROW + 8;
  const height = bottom + 12 + notes.length * 16;
  const x = (participant: number): number => 12 + participant * COLUMN + COLUMN / 2;
  const y = (row: number): number => HEAD + 16 + row * ROW + ROW * 0.7;
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Sequence diagram, ${sequence.total} messages">`,
    `<style>${STYLE}</style>`,
    `<rect class="bg" width="${width}" height="${height}"/>`,
  ];
  sequence.participants.forEach(({ kind, name }, k) => {
    parts.push(
      `<path class="life" d="M${x(k)} ${HEAD}V${bottom}"/>`,
      `<rect class="head ${kind}" x="${x(k) - COLUMN / 2 + 8}" y="10" width="${COLUMN - 16}" height="28" rx="${kind === 'tool' ? 3 : 14}"/>`,
      `<text x="${x(k)}" y="28" text-anchor="middle">${escapeXml(name, HEAD_LETTERS)}<title>${escapeXml(name)}</title></text>`,
    );
  });
  const { activations, first } = sequence;
  for (let k = 0; k < activations.participant.length; k++) {
    const from = rowOfMessage(shown, (activations.from[k] ?? 0) - first);
    const to = rowOfMessage(shown, (activations.to[k] ?? 0) - first);
    // Turns that a repeat hides have no row of their own.
    if (shown.message[from] !== (activations.from[k] ?? 0) - first) continue;
    const left = x(activations.participant[k] ?? 0) - BAR + (activations.level[k] ?? 0) * BAR;
    parts.push(
      `<rect class="bar" x="${left}" y="${y(from) - 3}" width="${BAR * 2}" height="${Math.max(6, y(to) - y(from) + 6)}"/>`,
    );
  }
  for (const frame of shown.frames) {
    if (frame.first >= rows) break;
    const last = Math.min(frame.last, rows - 1);
    let low = sequence.participants.length;
    let high = 0;
    for (let row = frame.first; row <= last; row++) {
      const position = shown.message[row] ?? 0;
      low = Math.min(low, sequence.from[position] ?? 0, sequence.to[position] ?? 0);
      high = Math.max(high, sequence.from[position] ?? 0, sequence.to[position] ?? 0);
    }
    const inset = 40 - Math.min(6, frame.depth) * 6;
    const top = y(frame.first) - ROW * 0.6;
    parts.push(
      `<rect class="frame" x="${x(low) - inset}" y="${top}" width="${x(high) - x(low) + inset * 2}" height="${y(last) + 7 - top}" rx="4"/>`,
      `<text class="frame plate" x="${x(low) - inset + 4}" y="${top + 4}">${escapeXml(foldText(sequence, frame.fold))}</text>`,
    );
  }
  for (let row = 0; row < rows; row++) parts.push(arrow(row));
  notes.forEach((note, k) => {
    parts.push(`<text class="dim" x="16" y="${bottom + 16 + k * 16}">${escapeXml(note)}</text>`);
  });
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;

  function arrow(row: number): string {
    const position = shown.message[row] ?? 0;
    const view = messageAt(sequence, position);
    const from = sequence.from[position] ?? 0;
    const to = sequence.to[position] ?? 0;
    const text = arrowText(view);
    const failed = view.status === 'error' ? ' error' : '';
    const back = goesBack(view.kind);
    const kind = back ? ' back' : view.kind === 'handoff' ? ' handoff' : '';
    const classes = `${kind}${view.inferred ? ' inferred' : ''}${failed}`;
    const line = y(row);
    const start = x(from);
    if (from === to) {
      const loop = `<path class="arrow${classes}" d="M${start + BAR} ${line - 8}h26v12h-26"/>`;
      return `${loop}${tip(start + BAR, line + 4, -1)}<text class="plate${failed}" x="${start + BAR + 32}" y="${line + 2}">${escapeXml(text, LABEL_LETTERS)}${title()}</text>`;
    }
    const way = to > from ? 1 : -1;
    const end = x(to) - way * BAR;
    const letters = LABEL_LETTERS * Math.abs(to - from);
    return `<path class="arrow${classes}" d="M${start + way * BAR} ${line}H${end}"/>${tip(end, line, way)}<text class="plate${failed}" x="${(start + end) / 2}" y="${line - 5}" text-anchor="middle">${escapeXml(text, letters)}${title()}</text>`;

    function tip(at: number, height: number, towards: number): string {
      const d = `M${at - towards * 7} ${height - 4}L${at} ${height}L${at - towards * 7} ${height + 4}${back ? '' : 'Z'}`;
      return `<path class="tip${back ? ' back' : ''}${failed}" d="${d}"/>`;
    }
    function title(): string {
      return `<title>${escapeXml(`${view.from} → ${view.to}: ${text} · ${view.spanId}`)}</title>`;
    }
  }
}

/** Text as XML takes it, at most `letters` of it. What XML forbids and what turns text around becomes U+FFFD. */
export function escapeXml(text: string, letters = 400): string {
  const line = text
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\ufffd');
  const characters = [...line];
  const short = characters.length > letters ? `${characters.slice(0, letters - 1).join('')}…` : line;
  return short.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
