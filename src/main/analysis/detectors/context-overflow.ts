import { at } from '../at.ts';
import { quote } from './words.ts';
import { amount, whole } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const contextOverflow: Detector = {
  id: 'context-overflow',
  title: 'Context overflow',
  definition:
    'A model call failed because its input was longer than the model takes; or the input of one agent, after growing, suddenly shrank from at least `tokens` tokens to less than `share` percent of that, so that history was cut or summarised on the way (low severity: it may be meant).',
  parameters: {
    tokens: whole(16_000, 100, 10_000_000, 'Input tokens before it shrank'),
    share: amount(40, 1, 99, 'Percent of them that are left'),
  },
  weight: 3,
  detect(inquiry, parameter) {
    return [...refused(inquiry), ...shrunk(inquiry, parameter('tokens'), parameter('share') / 100)];
  },
};

const TOO_LONG =
  /context[_ -]?(?:length|window|size)|maximum context|prompt is too long|input is too long|too many (?:input )?tokens|exceeds? the (?:maximum|model|token)|context_length_exceeded|string too long/i;

function refused(inquiry: Inquiry): Found[] {
  return inquiry.turns.flatMap(({ span, agent }): Found[] => {
    if (at(inquiry.scene.spans, span).status !== 'error') return [];
    const why = inquiry.errorText(span);
    if (!TOO_LONG.test(why)) return [];
    const reason = `A model call of ${agent ?? 'this run'} was refused because its input was too long.`;
    return [{ severity: 'high', spans: [span], agent, reason, evidence: [quote(why)] }];
  });
}

function shrunk({ turnsOf, scene }: Inquiry, tokens: number, share: number): Found[] {
  const found: Found[] = [];
  for (const [actor, turns] of turnsOf) {
    // Under one name several conversations may run at once: only within one stay is there one history.
    if (!actor.startsWith('#')) continue;
    let before: { span: number; input: number } | null = null;
    for (const { span, agent } of turns) {
      const { usage, model } = at(scene.spans, span);
      const input = usage?.input ?? null;
      if (input === null) continue;
      if (
        before &&
        before.input >= tokens &&
        input < before.input * share &&
        at(scene.spans, before.span).model === model
      ) {
        found.push({
          severity: 'low',
          spans: [span, before.span],
          agent,
          reason: `The input of ${agent ?? 'the agent'} fell from ${before.input.toLocaleString('en')} to ${input.toLocaleString('en')} tokens: earlier history was cut or summarised.`,
        });
      }
      before = { span, input };
    }
  }
  return found;
}
