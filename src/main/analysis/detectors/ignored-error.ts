import { at } from '../at.ts';
import { spokenBy } from './messages.ts';
import { quote, sharesWords, takesNotice } from './words.ts';
import { after } from './inquiry.ts';
import { whole } from './parameters.ts';
import type { Detector, Found } from './types.ts';

export const ignoredError: Detector = {
  id: 'ignored-error',
  title: 'Ignored tool error',
  definition:
    'A tool call failed, and the agent went on as if it had not: in its next model calls (`turns` of them) it neither called that tool again nor said anything that takes notice: words such as error, failed, unable, sorry, instead, retry, or a third of the words of the error itself. Where the agent has no further model call, or what it said is not recorded, nothing is concluded.',
  parameters: { turns: whole(2, 1, 20, 'Model calls in which notice may be taken') },
  weight: 4,
  detect(inquiry, parameter) {
    const found: Found[] = [];
    const lastCall = new Map(inquiry.calls.map(({ actor, tool, place }) => [`${actor}\0${tool}`, place]));
    for (const call of inquiry.calls) {
      if (!call.failed) continue;
      let turn = inquiry.turnAfter(call);
      if (!turn) continue;
      if (!call.speaks && (lastCall.get(`${call.actor}\0${call.tool}`) ?? -1) > call.place) continue;
      const reader = turn;
      let said = '';
      for (let k = 0; k < parameter('turns') && turn; k++) {
        said += `${spokenBy(inquiry.contents, turn.span)}\n`;
        turn = after(call.speaks ? inquiry.turns : (inquiry.turnsOf.get(call.actor) ?? []), turn.place);
      }
      const why = inquiry.errorText(call.span) || inquiry.text(call.span, 'output');
      if (
        said.trim() === '' ||
        takesNotice(said) ||
        sharesWords(`${why} ${inquiry.text(call.span, 'output').slice(-300)}`, said)
      )
        continue;
      found.push({
        severity: 'high',
        spans: [reader.span, call.span],
        agent: reader.agent,
        reason: `${call.tool} failed, and ${reader.agent ?? 'the agent'} went on without taking notice.`,
        evidence: [quote(why), quote(said)],
      });
    }
    return found.filter(({ spans }) => at(inquiry.scene.spans, spans[0] ?? 0).status !== 'error');
  },
};
