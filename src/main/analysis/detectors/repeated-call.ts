import { canonical, leaves, quote, times } from './words.ts';
import { whole } from './parameters.ts';
import type { Call, Detector, Inquiry } from './types.ts';

export const repeatedCall: Detector = {
  id: 'repeated-call',
  title: 'Identical repeated calls',
  definition:
    'One agent calls one tool with the same arguments at least `atLeast` times, or `alike` times with the same result, although the calls before had not failed. Arguments are compared as JSON, whatever the order of their keys; a call without recorded arguments counts as no call. Calls that repeat a failed one are a retry storm instead.',
  parameters: {
    atLeast: whole(3, 2, 1_000, 'Calls with the same arguments'),
    alike: whole(2, 2, 1_000, 'The same, where the result is the same too'),
  },
  weight: 2,
  detect(inquiry, parameter) {
    const found = [];
    for (const [, calls] of inquiry.callsOf) {
      const groups = new Map<string, Call[]>();
      const retried = new Map<string, boolean>();
      for (const call of calls) {
        const key = fingerprint(inquiry, call);
        if (key === null) continue;
        const again = retried.get(key) === true;
        retried.set(key, call.failed);
        if (again || call.failed) continue;
        const group = groups.get(key);
        if (group) group.push(call);
        else groups.set(key, [call]);
      }
      for (const group of groups.values()) {
        const [first, second] = group;
        if (!first || !second) continue;
        const result = inquiry.text(first.span, 'output');
        const same = result === '' ? [] : group.filter((call) => inquiry.text(call.span, 'output') === result);
        const alike = same.length === group.length && group.length >= parameter('alike');
        if (!alike && group.length < parameter('atLeast')) continue;
        const what = alike ? ', with the same result each time' : '';
        found.push({
          severity:
            group.length > parameter('atLeast') ? ('high' as const) : alike ? ('medium' as const) : ('low' as const),
          spans: [second.span, first.span, ...group.slice(2).map(({ span }) => span)],
          agent: first.agent,
          reason: `${first.agent ?? 'An agent'} called ${first.tool} ${times(group.length)} with the same arguments${what}.`,
          evidence: [quote(inquiry.text(first.span, 'input')), quote(result)],
        });
      }
    }
    return found;
  },
};

function fingerprint({ args }: Inquiry, call: Call): string | null {
  // Of a terminal in a log the whole message is the input: what it says again is no call.
  if (call.speaks) return null;
  const value = args(call);
  if (value === null || leaves(value, 1).length === 0) return null;
  return `${call.tool}\0${canonical(value)}`;
}
