import { formatDuration } from '#shared/time.ts';
import { at, i32 } from '../at.ts';
import { knownTime } from '../tree.ts';
import { quote } from './words.ts';
import { amount, whole } from './parameters.ts';
import type { Detector, Found, Inquiry, Turn } from './types.ts';

export const workAfterDone: Detector = {
  id: 'work-after-done',
  title: 'Work after done',
  definition:
    'Somebody said that the task was finished (a message that is or ends with TERMINATE, or begins with FINAL ANSWER) and at least `acts` model or tool calls followed in the same run; or a model or tool call began `seconds` or more after the agent that holds it had ended.',
  parameters: {
    acts: whole(2, 1, 1_000, 'Calls after the word that it is done'),
    seconds: amount(1, 0, 86_400, 'Seconds after the end of the agent'),
  },
  weight: 1,
  detect(inquiry, parameter) {
    return [...afterWords(inquiry, parameter('acts')), ...afterEnd(inquiry, parameter('seconds') * 1e9)];
  },
};

const DONE = /^\s{0,8}(?:\*{0,2}FINAL ANSWER\b|TERMINATE\b)|\bTERMINATE[\s."'*`]{0,8}$/;

/** Only within one run: a session, or a program, may begin another. */
function afterWords({ turns, calls, scene, text }: Inquiry, acts: number): Found[] {
  const done = new Map<number, { readonly turn: Turn; next: Turn | null; behind: number }>();
  for (const act of [...turns, ...calls].sort((a, b) => a.place - b.place)) {
    const top = rootOf(scene, act.span);
    const known = done.get(top);
    if (known) {
      known.next ??= act;
      known.behind++;
    } else if (at(scene.spans, act.span).kind === 'generation' && DONE.test(ends(text(act.span, 'output')))) {
      done.set(top, { turn: act, next: null, behind: 0 });
    }
  }
  return [...done.values()].flatMap(({ turn, next, behind }): Found[] => {
    if (!next || behind < acts) return [];
    const reason = `${turn.agent ?? 'An agent'} said that the task was done, and ${behind} more calls followed.`;
    const evidence = [quote(text(turn.span, 'output').slice(-160))];
    return [{ severity: 'low', spans: [next.span, turn.span], agent: next.agent, reason, evidence }];
  });
}

function ends(said: string): string {
  return said.length <= 600 ? said : `${said.slice(0, 80)}\n${said.slice(-300)}`;
}

/** Spans without parents and without times are one run: a log. */
function rootOf({ spans, tree }: Inquiry['scene'], span: number): number {
  let top = span;
  for (let step = 0; step < 64; step++) {
    const up = i32(tree.parent, top);
    if (up < 0) break;
    top = up;
  }
  return at(spans, top).parentId === null && at(spans, top).start === null ? -1 : top;
}

function afterEnd({ scene, turns, calls }: Inquiry, slack: number): Found[] {
  const { spans, stays, agents } = scene;
  const found = new Map<number, Found & { spans: number[] }>();
  for (const { span: i, agent } of [...turns, ...calls]) {
    const stay = i32(agents.instance, i);
    if (stay < 0) continue;
    const { root, end, running, name } = at(stays, stay);
    const start = knownTime(at(spans, i).start);
    if (running || start === null || !Number.isFinite(end) || at(spans, root).kind !== 'agent' || start - end < slack)
      continue;
    const known = found.get(stay);
    if (known) known.spans.push(i);
    else
      found.set(stay, {
        severity: 'medium',
        spans: [i],
        agent,
        reason: `A call of ${name} began ${formatDuration(start - end)} after ${name} had ended.`,
      });
  }
  return [...found.values()];
}
