import { isJsonObject } from '#shared/json.ts';
import { at, i32 } from '../at.ts';
import { knownTime } from '../tree.ts';
import { quote } from './words.ts';
import { whole } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const guardrailIgnored: Detector = {
  id: 'guardrail-ignored',
  title: 'Guardrail ignored',
  definition:
    'A guardrail was triggered, and the same agent made at least `acts` model calls, tool calls or handoffs that began after the guardrail had ended. A guardrail is triggered when its span says so or its result holds a true `triggered`, `tripwire_triggered`, `blocked` or `flagged`.',
  parameters: { acts: whole(1, 1, 20, 'Calls after the guardrail') },
  weight: 4,
  detect(inquiry, parameter) {
    const { scene } = inquiry;
    const { spans, agents, stays, tree } = scene;
    const acts = new Map<number, { span: number; place: number }[]>();
    for (const { span, place } of [...inquiry.turns, ...inquiry.calls].sort((a, b) => a.place - b.place)) {
      const stay = i32(agents.instance, span);
      const list = acts.get(stay);
      if (list) list.push({ span, place });
      else acts.set(stay, [{ span, place }]);
    }
    const found: Found[] = [];
    for (const i of scene.order) {
      const span = at(spans, i);
      if (span.kind !== 'guardrail' || !isTriggered(inquiry, i)) continue;
      const stay = i32(agents.instance, i);
      const end = knownTime(span.end);
      if (stay < 0 || end === null) continue;
      const up = i32(tree.parent, i);
      const list = acts.get(stay) ?? [];
      const behind: number[] = [];
      for (let k = list.length - 1; k >= 0; k--) {
        const act = list[k];
        const start = act ? knownTime(at(spans, act.span).start) : null;
        if (!act || start === null || start < end || act.place < (scene.place[i] ?? 0)) break;
        if (act.span !== up) behind.push(act.span);
        if (behind.length > MOST) break;
      }
      if (behind.length < parameter('acts')) continue;
      const count = behind.length > MOST ? `more than ${MOST}` : String(behind.length);
      found.push({
        severity: 'high',
        spans: [i, ...behind.reverse()],
        agent: at(stays, stay).name,
        reason: `The guardrail ${span.name} was triggered, and ${at(stays, stay).name} went on: ${count} ${behind.length === 1 ? 'call' : 'calls'} began after it.`,
        evidence: [quote(inquiry.text(i, 'output'))],
      });
    }
    return found;
  },
};

const MOST = 20;
const FLAGS = ['triggered', 'tripwire_triggered', 'tripwireTriggered', 'blocked', 'flagged', 'guardrail_triggered'];

function isTriggered({ scene, contents }: Inquiry, i: number): boolean {
  if (at(scene.spans, i).subtype === 'triggered') return true;
  return contents.of(i).output.some((key) => {
    const item = contents.item(key);
    const value = item?.kind === 'json' ? item.value : null;
    return isJsonObject(value) && FLAGS.some((flag) => Object.hasOwn(value, flag) && value[flag] === true);
  });
}
