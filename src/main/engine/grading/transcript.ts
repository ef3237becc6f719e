/**
 * A whole trace as text for a judge, within `TRANSCRIPT_LENGTH` characters: model calls, tool calls, handoffs and guardrails
 * in order of time, each with its span id. What does not fit is left out with a line that says so: first the outputs of
 * tools, the oldest first, then the middle of every text.
 */
import { TRANSCRIPT_LENGTH } from '#shared/grader.ts';
import { at, i32, u8 } from '../../analysis/at.ts';
import type { Scene } from '../../analysis/graph-stays.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { cutMiddle, type SubjectTexts } from './subject-texts.ts';
import { findQuestion } from './answer.ts';

type Entry = {
  readonly head: string;
  /** What was given, where it is worth telling, and what came of it. */
  readonly input: string;
  output: string;
  readonly tool: boolean;
};

const LEFT_OUT = '[output left out: the transcript is too long]';
/** Of one text, before what is shared out is known. */
const LONGEST = 8_000;
const SHORTEST = 120;

export function writeTranscript(scene: Scene, texts: SubjectTexts): string {
  const question = cutMiddle(findQuestion(scene, texts), LONGEST);
  const entries = entriesOf(scene, texts);
  const opening = question === '' ? '' : `User: ${question}\n\n`;
  let room = TRANSCRIPT_LENGTH - opening.length;
  let length = entries.reduce((sum, entry) => sum + lengthOf(entry), 0);
  for (const entry of entries) {
    if (length <= room) break;
    if (!entry.tool || entry.output.length <= LEFT_OUT.length) continue;
    length -= entry.output.length - LEFT_OUT.length;
    entry.output = LEFT_OUT;
  }
  if (length <= room) return opening + entries.map(write).join('\n\n');
  // Still too long: each text has its share, and where even heads do not fit, the middle of the trace is left out.
  const share = Math.max(SHORTEST, Math.floor(room / Math.max(1, entries.length)) - 120);
  const shortened = entries.map((entry) =>
    write({ ...entry, input: cutMiddle(entry.input, share), output: cutMiddle(entry.output, share) }),
  );
  const kept: string[] = [];
  const tail: string[] = [];
  room -= 100;
  for (let first = 0, last = shortened.length - 1; first <= last;) {
    const fromStart = kept.length <= tail.length;
    const text = at(shortened, fromStart ? first : last);
    if (text.length + 2 > room) break;
    room -= text.length + 2;
    if (fromStart) {
      kept.push(text);
      first++;
    } else {
      tail.unshift(text);
      last--;
    }
  }
  const missing = shortened.length - kept.length - tail.length;
  const gap = missing > 0 ? [`[${missing} steps left out: the transcript is too long]`] : [];
  return (opening + [...kept, ...gap, ...tail].join('\n\n')).slice(0, TRANSCRIPT_LENGTH);
}

function entriesOf({ spans, agents, order, wrapper, echo }: Scene, texts: SubjectTexts): Entry[] {
  const entries: Entry[] = [];
  for (const i of order) {
    const span = at(spans, i) as StoredSpanFact;
    const who = at(agents.names, i);
    const by = who === null ? '' : `${who} `;
    const error = span.status === 'error' ? ` failed${said(texts.error(span))}` : '';
    const mark = `[${span.spanId}]`;
    if (span.kind === 'generation' && u8(wrapper, i) === 0) {
      const calls = texts.toolCalls(span).map(({ name, arguments: args }) => `→ ${name} ${asText(args)}`);
      const output = [texts.said(span), ...calls].filter((text) => text !== '').join('\n');
      if (output !== '' || error !== '')
        entries.push({
          head: `${mark} ${by}says${error}:`,
          input: '',
          output: cutMiddle(output, LONGEST),
          tool: false,
        });
    } else if (span.kind === 'tool' && u8(echo, i) === 0) {
      entries.push({
        head: `${mark} ${by}calls ${span.tool || span.name}${error}:`,
        input: cutMiddle(asText(texts.args(span)), LONGEST),
        output: cutMiddle(texts.output(span), LONGEST),
        tool: true,
      });
    } else if (span.kind === 'retrieval') {
      entries.push({
        head: `${mark} ${by}retrieves${error}:`,
        input: cutMiddle(texts.input(span), LONGEST),
        output: cutMiddle(texts.output(span), LONGEST),
        tool: true,
      });
    } else if (span.kind === 'handoff') {
      const to = span.handoffTo === null ? '' : ` to ${span.handoffTo}`;
      entries.push({
        head: `${mark} ${span.handoffFrom ?? by.trim()} hands off${to}${error}`,
        input: '',
        output: '',
        tool: false,
      });
    } else if (span.kind === 'guardrail') {
      const outcome = span.subtype === 'triggered' ? 'was triggered' : 'passed';
      entries.push({ head: `${mark} guardrail ${span.name} ${outcome}${error}`, input: '', output: '', tool: false });
    } else if (span.status === 'error' && i32(agents.instance, i) >= 0 && span.kind === 'agent') {
      entries.push({ head: `${mark} ${by}ended${error}`, input: '', output: '', tool: false });
    }
  }
  return entries;
}

function said(error: string | null): string {
  return error === null || error === '' ? '' : ` (${cutMiddle(error, 400)})`;
}

function asText(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

function lengthOf({ head, input, output }: Entry): number {
  return head.length + input.length + output.length + 8;
}

function write({ head, input, output }: Entry): string {
  const lines = [head];
  if (input !== '') lines.push(input);
  if (output !== '') lines.push(input === '' ? output : `= ${output}`);
  return lines.join('\n');
}
