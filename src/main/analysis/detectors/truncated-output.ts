import { at } from '../at.ts';
import { finishReasons } from './messages.ts';
import { quote } from './words.ts';
import type { Detector, Found } from './types.ts';

export const truncatedOutput: Detector = {
  id: 'truncated-output',
  title: 'Truncated output used',
  definition:
    'A model call was cut off at its limit of output tokens (finish reason length, max_tokens or the like), and the agent went on with what there was: it acted afterwards, or the cut text is the answer of the run.',
  parameters: {},
  weight: 3,
  detect(inquiry) {
    const found: Found[] = [];
    const { scene, contents, running } = inquiry;
    const last = new Map<string, number>();
    for (const { actor, place } of [...inquiry.turns, ...inquiry.calls])
      last.set(actor, Math.max(last.get(actor) ?? -1, place));
    for (const { span, actor, agent, place } of inquiry.turns) {
      const reason = finishReasons(contents, span).find((each) => CUT.test(each));
      if (reason === undefined || at(scene.spans, span).status === 'error') continue;
      const goesOn = (last.get(actor) ?? -1) > place;
      if (!goesOn && running) continue;
      const tokens = at(scene.spans, span).usage?.output;
      found.push({
        severity: goesOn ? 'medium' : 'high',
        spans: [span],
        agent,
        reason: `The output of ${agent ?? 'a model call'} was cut off${typeof tokens === 'number' ? ` after ${tokens.toLocaleString('en')} tokens` : ''} (${quote(reason, 40)}), and ${goesOn ? 'the agent went on with it' : 'it is the answer'}.`,
        evidence: [quote(inquiry.text(span, 'output').slice(-160))],
      });
    }
    return found;
  },
};

const CUT = /^(?:length|max_?(?:output_?)?tokens|max_length|token_limit|incomplete|model_length)$/i;
