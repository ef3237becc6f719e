import { at } from '../at.ts';
import { compareStays } from '../graph-stays.ts';
import { quote } from './words.ts';
import { amount } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const lostInstruction: Detector = {
  id: 'lost-instruction',
  title: 'Lost instruction at a handoff',
  definition:
    'The user’s request states constraints (sentences with words such as must, only, never, at most, or with numbers or quoted text) and, after a handoff or a call of another agent, the first model call that the receiver makes in the trace is given neither the request itself nor one of these: of the numbers, quoted texts and names in them at least one, and at least `share` percent, appear nowhere in its input. A helper, which is called or after which the sender goes on itself, may rightly be asked for a part of the work: there all of them, and at least two, must be missing. Needs the input of the receiver’s first call to be recorded (medium severity where control that is handed on for good drops a number, else low).',
  parameters: { share: amount(50, 1, 100, 'Percent of the facts that are missing') },
  weight: 1,
  detect(inquiry, parameter) {
    const request = findRequest(inquiry);
    if (request === null) return [];
    const facts = factsIn(request.text);
    if (facts.length === 0) return [];
    const { stays, spans } = inquiry.scene;
    const found: Found[] = [];
    const known = new Map(inquiry.handoffs.filter(({ to }) => to >= 0).map((handoff) => [handoff.to, handoff]));
    /** Where each agent spoke or handed on for the last time. */
    const acts = new Map<string, number>();
    const spoken = inquiry.turns.map(({ agent, place }) => [agent ?? '', place] as const);
    const handed = inquiry.handoffs.map(({ fromName, span }) => [fromName, inquiry.scene.place[span] ?? -1] as const);
    for (const [name, place] of [...spoken, ...handed]) acts.set(name, Math.max(acts.get(name) ?? -1, place));
    const met = new Set<string>();
    for (const stay of [...stays].sort(compareStays)) {
      // Later on, an agent may remember what it was told before.
      if (met.has(stay.name)) continue;
      met.add(stay.name);
      const handoff = known.get(stay.index);
      const caller = stay.caller >= 0 && inquiry.reach[stay.index]?.by === 'call' ? at(stays, stay.caller) : null;
      if ((!handoff && !caller) || stay.firstCall < 0) continue;
      const keys = inquiry.contents.of(stay.firstCall).input;
      if (keys.length === 0 || keys.includes(request.key) || keys.some((key) => inquiry.contents.item(key) === null))
        continue;
      const given = inquiry.text(stay.firstCall, 'input').toLowerCase();
      const helps = !handoff || (acts.get(handoff.fromName) ?? -1) > (inquiry.scene.place[stay.firstCall] ?? 0);
      const lost = facts.filter((fact) => !given.includes(fact.toLowerCase()));
      if (lost.length === 0 || lost.length * 100 < facts.length * parameter('share')) continue;
      if (helps && (lost.length < facts.length || lost.length < 2)) continue;
      const from = handoff?.fromName ?? caller?.name ?? null;
      found.push({
        severity: handoff && !helps && !handoff.inferred && lost.some((fact) => /\d/.test(fact)) ? 'medium' : 'low',
        spans: [handoff?.span ?? (stay.tool >= 0 ? stay.tool : stay.root), stay.firstCall],
        agent: from,
        reason: `${stay.name} was not told ${lost.length} of ${facts.length} facts of the request: ${lost
          .slice(0, 4)
          .map((fact) => `"${quote(fact, 40)}"`)
          .join(', ')}${lost.length > 4 ? ' …' : ''}.`,
        evidence: [quote(request.text)],
      });
      if (found.length > 500) break;
    }
    return found.filter(({ spans: [first] }) => first !== undefined && at(spans, first).status !== 'error');
  },
};

/** The first user message that the first model call was given. */
function findRequest({ turns, contents }: Inquiry): { key: number; text: string } | null {
  for (const { span } of turns.slice(0, 20)) {
    for (const key of contents.of(span).input) {
      const item = contents.item(key);
      if (item?.kind !== 'message' || item.role !== 'user') continue;
      const text = item.parts
        .map((part) => (part.type === 'text' ? part.content : ''))
        .join('\n')
        .slice(0, 8_000);
      if (text.trim() !== '') return { key, text };
    }
  }
  return null;
}

const CONSTRAINT =
  /\b(?:must|only|never|always|without|at (?:most|least)|no more than|under|before|after|exactly|not|don[’']t|do not|except|between|until|limit\w*|budget)\b/i;

/** Numbers, quoted texts and capitalised names in the sentences that constrain. */
function factsIn(request: string): string[] {
  const facts = new Set<string>();
  for (const sentence of request.split(/(?<=[.!?\n])\s/).slice(0, 60)) {
    if (!CONSTRAINT.test(sentence) && !/["“'`]|\d/.test(sentence)) continue;
    for (const [, quoted = ''] of sentence.matchAll(/["“`]([^"”`\n]{2,60})["”`]/g)) facts.add(quoted);
    for (const [number] of sentence.matchAll(/\d[\d.,:/-]{0,20}\d|\b\d{2,}\b/g)) facts.add(number);
    for (const [name] of sentence.matchAll(/(?<=[a-z,;] )[A-Z][\p{L}]{2,20}(?: [A-Z][\p{L}]{2,20}){0,2}/gu))
      facts.add(name);
    if (facts.size > 40) break;
  }
  return [...facts].slice(0, 40);
}
