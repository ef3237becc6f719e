import { quote } from './words.ts';
import { whole } from './parameters.ts';
import type { Call, Detector } from './types.ts';

export const retryStorm: Detector = {
  id: 'retry-storm',
  title: 'Retry storm',
  definition:
    'One agent calls one tool again and again while it fails: at least `atLeast` failures of that tool in a row, with no success between them. A call failed when its span says so or when its result begins like an error. Severity is high when the tool never worked afterwards.',
  parameters: { atLeast: whole(3, 2, 1_000, 'Failures in a row') },
  weight: 3,
  detect(inquiry, parameter) {
    const found: ReturnType<Detector['detect']>[number][] = [];
    for (const [, calls] of inquiry.callsOf) {
      const rows = new Map<string, Call[]>();
      const close = (row: readonly Call[], recovered: boolean): void => {
        const [first] = row;
        if (!first || row.length < parameter('atLeast')) return;
        const why = inquiry.errorText(first.span) || inquiry.text(first.span, 'output');
        found.push({
          severity: recovered ? 'medium' : 'high',
          spans: row.map(({ span }) => span),
          agent: first.agent,
          reason: `${first.tool} failed ${row.length} times in a row for ${first.agent ?? 'its caller'}${recovered ? ' before it worked' : ' and never worked afterwards'}.`,
          evidence: [quote(why)],
        });
      };
      for (const call of calls) {
        const row = rows.get(call.tool);
        if (call.failed) {
          if (row) row.push(call);
          else rows.set(call.tool, [call]);
        } else if (row) {
          close(row, true);
          rows.delete(call.tool);
        }
      }
      for (const row of rows.values()) close(row, false);
    }
    return found;
  },
};
