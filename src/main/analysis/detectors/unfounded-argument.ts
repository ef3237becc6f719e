import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import { at } from '../at.ts';
import { TEXT_LENGTH } from './inquiry.ts';
import { leaves, quote } from './words.ts';
import { whole } from './parameters.ts';
import type { Call, Detector, Found, Inquiry } from './types.ts';

export const unfoundedArgument: Detector = {
  id: 'unfounded-argument',
  title: 'Hallucinated or contradictory argument',
  definition:
    'A tool call has an argument that looks like an identifier (an e-mail address, or letters and digits mixed, or `digits` digits and more) and stands in no source up to then: no system or user message, no tool result, no retrieved text; what models said themselves is no source. When a source names another value for a field of the same name, the argument contradicts it and the severity is high. Dates, years, quantities and free text are left out, since a model may rightly work them out; so are runs of which no source is recorded.',
  parameters: { digits: whole(5, 3, 20, 'Digits that make a number an identifier') },
  weight: 5,
  detect(inquiry, parameter) {
    const { scene, contents } = inquiry;
    const known = new Set<string>();
    const stated = new Map<string, string>();
    const seen = new Set<number>();
    const callAt = new Map(inquiry.calls.map((call) => [call.span, call]));
    const found: Found[] = [];
    for (const i of scene.order) {
      const span = at(scene.spans, i);
      const call = callAt.get(i);
      if (call && !call.speaks && known.size > 0) judge(inquiry, call, known, stated, parameter('digits'), found);
      const sides = span.kind === 'tool' ? [contents.of(i).output] : [contents.of(i).input, contents.of(i).output];
      if (span.kind === 'agent' || span.kind === 'chain') continue;
      for (const keys of sides) {
        for (const key of keys) {
          if (seen.has(key)) continue;
          seen.add(key);
          const item = contents.item(key);
          if (item && isSource(item, span.kind === 'tool' || span.kind === 'retrieval')) learn(item, known, stated);
        }
      }
    }
    return found;
  },
};

function isSource(item: ContentItem, fromTool: boolean): boolean {
  return item.kind === 'message' ? item.role !== 'assistant' && item.role !== 'model' : fromTool;
}

/** What may be a number or a name is sorted out afterwards: in one pattern it would be quadratic in a long word. */
const TOKEN = /[\p{L}\p{N}_#@.+-]+/gu;
const FIELD = /"([A-Za-z_]{2,40})"\s{0,4}:\s{0,4}"?([^",{}[\]]{2,80})/g;
const MOST_TOKENS = 400_000;

function learn(item: ContentItem, known: Set<string>, stated: Map<string, string>): void {
  if (known.size > MOST_TOKENS) return;
  const text = contentText(item).slice(0, TEXT_LENGTH * 10);
  for (const [token] of text.matchAll(TOKEN)) if (/[\p{N}@]/u.test(token)) known.add(plainToken(token));
  for (const [, name = '', value = ''] of text.slice(0, TEXT_LENGTH).matchAll(FIELD))
    if (stated.size < MOST_TOKENS) stated.set(name, value);
}

/** The same number or name, however it is written. */
function plainToken(token: string): string {
  return token.toLowerCase().replace(/^[^\p{L}\p{N}]+|(?<=[\p{L}\p{N}])[^\p{L}\p{N}]+$/gu, '');
}

function judge(
  inquiry: Inquiry,
  call: Call,
  known: ReadonlySet<string>,
  stated: ReadonlyMap<string, string>,
  digits: number,
  found: Found[],
): void {
  for (const { name, value } of leaves(inquiry.args(call))) {
    if (!looksLikeId(value, digits)) continue;
    const token = plainToken(value);
    if (known.has(token) || known.size > MOST_TOKENS) continue;
    // A part of a longer name, or put together of parts that are known.
    const parts = token.split(/[^\p{L}\p{N}]+/u).filter((part) => /\p{N}/u.test(part));
    if (parts.length > 0 && parts.every((part) => known.has(part))) continue;
    const other = stated.get(name);
    found.push({
      severity: other === undefined ? 'medium' : 'high',
      spans: call.asker >= 0 ? [call.span, call.asker] : [call.span],
      agent: call.agent,
      reason: `${call.agent ?? 'The agent'} called ${call.tool} with ${name === '' ? 'a value' : name} "${quote(value, 60)}", which stands in no message or result before${other === undefined ? '' : `; a source gives "${quote(other, 40)}"`}.`,
      evidence: [quote(inquiry.text(call.span, 'input'))],
    });
    // One is enough to look at the call.
    return;
  }
}

function looksLikeId(value: string, digits: number): boolean {
  if (value.length < 4 || value.length > 80 || /\s/.test(value)) return false;
  if (/^[^@]{1,40}@[^@]{3,40}$/.test(value)) return true;
  if (/^https?:|\/|^\d{1,4}[-.:]\d{1,2}([-.:T]|$)|\.\d{1,3}$|[(){}=*;]/.test(value)) return false;
  const count = value.replace(/\D/g, '').length;
  return (/\p{L}/u.test(value) && count >= 3 && value.length >= 6) || (count >= digits && !/0000$/.test(value));
}
