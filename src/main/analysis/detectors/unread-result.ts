import { at } from '../at.ts';
import type { ContentItem } from '#shared/message.ts';
import { bare, quote } from './words.ts';
import { whole } from './parameters.ts';
import type { Call, Detector, Found, Inquiry } from './types.ts';

export const unreadResult: Detector = {
  id: 'unread-result',
  title: 'Unread tool result',
  definition:
    'A tool gave a result of at least `characters` characters that its agent’s later model calls were never given, although what they were given is recorded: neither the call’s id, nor the same content, nor the same beginning stands in a later input, and the result is not the answer of the run either. Sources that never show tool results to a model, and results of tools that stand among the speakers of a log, are left out.',
  parameters: { characters: whole(20, 1, 20_000, 'Characters of the result') },
  weight: 2,
  detect(inquiry, parameter) {
    const read = readPlaces(inquiry);
    if (read.last.size === 0) return [];
    const found: Found[] = [];
    for (const call of inquiry.calls) {
      if (call.speaks || call.failed) continue;
      const turn = inquiry.turnAfter(call);
      if (!turn || isKnown(inquiry, call, read.last)) continue;
      const result = inquiry.text(call.span, 'output');
      if (result.length < parameter('characters')) continue;
      if (inquiry.contents.of(turn.span).input.length === 0 || isRead(inquiry, call, result, read.last)) continue;
      found.push({
        severity: 'medium',
        spans: [call.span, turn.span],
        agent: call.agent,
        reason: `${call.agent ?? 'The agent'} went on without being given what ${call.tool} had returned (${result.length.toLocaleString('en')} characters).`,
        evidence: [quote(result)],
      });
    }
    // Where hardly any result is found again, the source records them in a way that cannot be compared.
    return found.length * 2 > inquiry.calls.length ? [] : found;
  },
};

const BEGINNING = 60;
/** Of a result that is shorter than that, more may follow in the same message. */
const SHORT = 24;

/** For each thing that can be recognised in the input of a model call, the last place where it is. */
function readPlaces({ turns, scene, contents }: Inquiry): { last: Map<string, number> } {
  const lastOfKey = new Map<number, number>();
  for (const turn of turns) for (const key of contents.of(turn.span).input) lastOfKey.set(key, turn.place);
  for (const i of scene.order) {
    // What ends up as the result of an agent was used as well.
    if (at(scene.spans, i).kind !== 'agent') continue;
    for (const key of contents.of(i).output) lastOfKey.set(key, Number.MAX_SAFE_INTEGER);
  }
  const last = new Map<string, number>();
  const note = (mark: string, place: number): void => {
    if ((last.get(mark) ?? -1) < place) last.set(mark, place);
  };
  for (const [key, place] of lastOfKey) {
    note(`key ${key}`, place);
    const item = contents.item(key);
    if (!item) continue;
    for (const mark of marksOf(item)) {
      note(mark, place);
      if (mark.startsWith('text ')) note(headOf(mark), place);
    }
  }
  return { last };
}

function headOf(mark: string): string {
  return `head ${mark.slice('text '.length, 'text '.length + SHORT)}`;
}

function marksOf(item: ContentItem): string[] {
  if (item.kind === 'text') return [`text ${bare(item.text, BEGINNING)}`];
  if (item.kind === 'json') return [`text ${bare(JSON.stringify(item.value).slice(0, 2_000), BEGINNING)}`];
  return item.parts.flatMap((part) => {
    if (part.type === 'text') return [`text ${bare(part.content, BEGINNING)}`];
    if (part.type !== 'tool_call_response') return [];
    const text = typeof part.response === 'string' ? part.response : JSON.stringify(part.response);
    return [`text ${bare(text.slice(0, 2_000), BEGINNING)}`, ...(part.id === null ? [] : [`call ${part.id}`])];
  });
}

/** Without looking at any text. */
function isKnown({ contents }: Inquiry, call: Call, last: ReadonlyMap<string, number>): boolean {
  const { output, callId } = contents.of(call.span);
  if (callId !== null && (last.get(`call ${callId}`) ?? -1) > call.place) return true;
  return output.some((key) => (last.get(`key ${key}`) ?? -1) > call.place);
}

function isRead({ contents }: Inquiry, call: Call, result: string, last: ReadonlyMap<string, number>): boolean {
  const { output } = contents.of(call.span);
  const whole = bare(result, BEGINNING);
  const marks = [`text ${whole}`];
  if (whole.length >= SHORT && whole.length < BEGINNING) marks.push(headOf(marks[0] ?? ''));
  for (const key of output) {
    const item = contents.item(key);
    if (item) marks.push(...marksOf(item));
  }
  return marks.some((mark) => (last.get(mark) ?? -1) > call.place);
}
