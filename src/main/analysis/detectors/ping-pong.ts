import type { Handoff } from '../graph-handoffs.ts';
import { whole } from './parameters.ts';
import type { Detector, Found } from './types.ts';

export const pingPong: Detector = {
  id: 'ping-pong',
  title: 'Ping-pong handoffs',
  definition:
    'Two agents hand control to each other and back, at least `atLeast` handoffs in a row, with no third agent between. Only handoffs that the trace states count, not those concluded from order.',
  parameters: { atLeast: whole(4, 2, 1_000, 'Handoffs in a row') },
  weight: 3,
  detect(inquiry, parameter) {
    const found: Found[] = [];
    let run: Handoff[] = [];
    for (const handoff of inquiry.handoffs) {
      if (handoff.inferred) continue;
      const last = run.at(-1);
      const goesBack = last?.fromName === handoff.toName && last.toName === handoff.fromName;
      if (goesBack && handoff.fromName !== handoff.toName) run.push(handoff);
      else {
        close(run, parameter('atLeast'), found);
        run = handoff.fromName === handoff.toName ? [] : [handoff];
      }
    }
    close(run, parameter('atLeast'), found);
    return found;
  },
};

function close(run: readonly Handoff[], atLeast: number, found: Found[]): void {
  const [first] = run;
  if (!first || run.length < atLeast) return;
  found.push({
    severity: run.length >= atLeast * 2 ? 'high' : 'medium',
    spans: run.map(({ span }) => span),
    agent: first.fromName,
    reason: `${first.fromName} and ${first.toName} handed control to each other ${run.length} times in a row.`,
  });
}
