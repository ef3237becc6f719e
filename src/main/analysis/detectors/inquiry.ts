/** Prepares a trace for detectors: who called what, who could read the result, and texts on demand. Linear. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import { at, i32, u8 } from '../at.ts';
import type { EffectiveAgents } from '../agents.ts';
import { findCalledTools } from '../graph-arcs.ts';
import { findHandoffs } from '../graph-handoffs.ts';
import { findMessages, findReach } from '../graph-reach.ts';
import { setScene } from '../graph-stays.ts';
import type { SpanTree } from '../tree.ts';
import type { SpanFact } from '../types.ts';
import type { Call, Contents, Inquiry, Turn } from './types.ts';
import { saysFailure } from './words.ts';

/** Of the text of one side of a span, this much is looked at. */
export const TEXT_LENGTH = 20_000;

export function prepare(
  spans: readonly SpanFact[],
  contents: Contents,
  tree: SpanTree,
  agents: EffectiveAgents,
): Inquiry {
  const scene = setScene(spans, tree, agents);
  const handoffs = findHandoffs(scene);
  const { reach, chains } = findReach(scene, handoffs, findMessages(scene, handoffs));
  const calledTools = findCalledTools(scene);

  const text = (span: number, side: 'input' | 'output'): string => {
    let joined = '';
    for (const key of contents.of(span)[side]) {
      const item = contents.item(key);
      if (!item) continue;
      joined += (joined === '' ? '' : '\n') + contentText(item).slice(0, TEXT_LENGTH);
      if (joined.length >= TEXT_LENGTH) return joined.slice(0, TEXT_LENGTH);
    }
    return joined;
  };

  const turns: Turn[] = [];
  const calls: Call[] = [];
  const turnsOf = new Map<string, Turn[]>();
  const callsOf = new Map<string, Call[]>();
  let speaker: Turn | null = null;
  for (let place = 0; place < scene.order.length; place++) {
    const i = i32(scene.order, place);
    const span = at(spans, i);
    if (span.kind === 'generation') {
      if (u8(scene.wrapper, i) === 1) continue;
      const turn: Turn = { span: i, actor: actorOf(i), agent: at(scene.agents.names, i), place };
      turns.push(turn);
      push(turnsOf, turn.actor, turn);
      speaker = turn;
    } else if (span.kind === 'handoff' && span.parentId === null) {
      // In a log, a message to somebody is said as well as done.
      speaker = { span: i, actor: actorOf(i), agent: at(scene.agents.names, i), place };
    } else if (span.kind === 'tool' && calledTools[i] !== 1 && scene.echo[i] !== 1) {
      const tool = span.tool || span.name;
      const own = at(scene.agents.names, i);
      const speaks: boolean = own !== null && own === tool && speaker !== null;
      const owner: Turn | null | undefined = speaks ? speaker : turnsOf.get(actorOf(i))?.at(-1);
      const failed = span.status === 'error' || (span.status !== 'running' && saysFailure(text(i, 'output')));
      const call: Call = {
        span: i,
        actor: speaks && owner ? owner.actor : actorOf(i),
        agent: speaks && owner ? owner.agent : own,
        place,
        tool,
        failed,
        asker: owner?.span ?? -1,
        speaks,
      };
      calls.push(call);
      push(callsOf, call.actor, call);
    }
  }

  function actorOf(i: number): string {
    const stay = i32(scene.agents.instance, i);
    if (stay < 0) return '';
    const { root, name } = at(scene.stays, stay);
    return at(spans, root).kind === 'agent' ? `#${stay}` : name;
  }

  return {
    scene,
    handoffs,
    reach,
    chains,
    contents,
    running: spans.some((span) => span.status === 'running'),
    turns,
    calls,
    callsOf,
    turnsOf,
    turnAfter: (call) => after(call.speaks ? turns : (turnsOf.get(call.actor) ?? []), call.place),
    text,
    errorText: (span) => {
      const { error } = contents.of(span);
      const item = error === null ? null : contents.item(error);
      if (item?.kind !== 'json' || !isJsonObject(item.value)) return '';
      const { type, message, data } = item.value;
      return [type, message, data]
        .map((part) =>
          typeof part === 'string' ? part : part === null || part === undefined ? '' : JSON.stringify(part),
        )
        .filter((part) => part !== '')
        .join(': ')
        .slice(0, TEXT_LENGTH);
    },
    args: (call) => readArguments(call, contents),
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The first of a list in order of time that is behind a place. */
export function after<T extends Turn>(list: readonly T[], place: number): T | null {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(list, middle).place <= place) low = middle + 1;
    else high = middle;
  }
  return list[low] ?? null;
}

function readArguments(call: Call, contents: Contents): Json {
  const [key, ...others] = contents.of(call.span).input;
  const item = key === undefined || others.length > 0 ? null : contents.item(key);
  if (!item) return null;
  if (item.kind === 'json') return item.value;
  if (item.kind === 'text') return parsed(item.text);
  const asked = item.parts.find((part) => part.type === 'tool_call' && part.name === call.tool);
  return asked?.type === 'tool_call'
    ? typeof asked.arguments === 'string'
      ? parsed(asked.arguments)
      : asked.arguments
    : null;
}

function parsed(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
