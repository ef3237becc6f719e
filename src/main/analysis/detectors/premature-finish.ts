import { at } from '../at.ts';
import { quote } from './words.ts';
import { toolCallsOf } from './messages.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const prematureFinish: Detector = {
  id: 'premature-finish',
  title: 'Premature finish',
  definition:
    'The run ended with work open: its last model call asked for tools that never ran; or its last words announce what is to be done next ("I will now…", "let me…") and nothing follows; or control was handed to an agent that never began. Runs that are still going on are left out, and so are those that ended with an error, which say so themselves.',
  parameters: {},
  weight: 3,
  detect(inquiry) {
    if (inquiry.running) return [];
    return [...openEnds(inquiry), ...emptyHandoffs(inquiry)];
  },
};

const ANNOUNCES =
  /(?:\b(?:i|we)(?:['’]ll| will| am going to|['’]m going to|['’]re going to) (?:now|next|then|proceed|start|continue|begin|try|search|check|look|use|run|call)\b|\blet(?:['’]s| me| us) (?:now|proceed|start|continue|begin|try|search|check|look|use|run|first)\b)[^.!?]{0,200}[.!:…]?\s{0,20}$/i;

function openEnds(inquiry: Inquiry): Found[] {
  const { scene, chains, calls } = inquiry;
  const found: Found[] = [];
  const lastCall = new Map(calls.map((call) => [call.actor, call.place]));
  const lastPlace = scene.order.length - 1;
  const ends = new Set(chains.map(({ last }) => last.lastCall));
  for (const { span: i, actor, agent, place } of inquiry.turns) {
    const span = at(scene.spans, i);
    if (!ends.has(i) || span.status === 'error') continue;
    const asked = toolCallsOf(inquiry.contents, i);
    const later = scene.stays.length > 0 ? nextAct(inquiry, i, place) : lastPlace > place;
    if (asked.length > 0 && !later && (lastCall.get(actor) ?? -1) < place && calls.length > 0) {
      found.push({
        severity: 'high',
        spans: [i],
        agent,
        reason: `The run ended when ${agent ?? 'the model'} had asked for ${asked[0]?.name ?? 'a tool'}${asked.length > 1 ? ` and ${asked.length - 1} more` : ''}: no such call was made.`,
      });
      continue;
    }
    if (later || asked.length > 0) continue;
    const tail = inquiry.text(i, 'output').trimEnd().slice(-400);
    if (!ANNOUNCES.test(tail)) continue;
    found.push({
      severity: 'medium',
      spans: [i],
      agent,
      reason: `The last words of ${agent ?? 'the run'} announce more to do, and nothing follows.`,
      evidence: [quote(tail.slice(-160))],
    });
  }
  return found;
}

/** Whether anything was done behind a place: a model call, a tool call or a handoff. */
function nextAct({ turns, calls, handoffs, scene }: Inquiry, span: number, place: number): boolean {
  const lastTurn = turns.at(-1)?.place ?? -1;
  const lastCall = calls.at(-1)?.place ?? -1;
  const { stays, agents } = scene;
  const stay = agents.instance[span] ?? -1;
  // Inside another agent, only what that stay did counts; a nested agent that goes on does so through its caller.
  if (stay >= 0 && at(stays, stay).caller >= 0) return at(stays, stay).lastAct !== span;
  return Math.max(lastTurn, lastCall) > place || handoffs.some((handoff) => (scene.place[handoff.span] ?? -1) > place);
}

function emptyHandoffs({ handoffs, scene }: Inquiry): Found[] {
  const lastPlace = scene.order.length - 1;
  return handoffs.flatMap(({ span, to, fromName, toName }): Found[] => {
    // Only when next to nothing follows: elsewhere the receiver may be recorded under another name.
    // Who hands control to itself begins nothing new.
    if (fromName === toName) return [];
    if (to >= 0 || lastPlace - (scene.place[span] ?? 0) > 2 || at(scene.spans, span).status === 'error') return [];
    return [
      {
        severity: 'high',
        spans: [span],
        agent: fromName,
        reason: `${fromName} handed control to ${toName}, which never began.`,
      },
    ];
  });
}
