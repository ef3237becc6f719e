/** A sequence with its tools folded into the agents that call them: a call is then a message of the agent to itself. */
import type { Sequence, SequenceActivations } from './sequence.ts';

export function withoutTools(sequence: Sequence): Sequence {
  const { participants, activations, count } = sequence;
  const kept = participants.filter(({ kind }) => kind !== 'tool');
  const isTool = participants.map(({ kind }) => kind === 'tool');
  let next = 0;
  const place = isTool.map((tool) => (tool ? -1 : next++));
  const from = new Uint32Array(count);
  const to = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    const sender = sequence.from[k] ?? 0;
    const receiver = sequence.to[k] ?? 0;
    // A tool is called by an agent and answers one: never both ends.
    from[k] = place[isTool[sender] === true ? receiver : sender] ?? 0;
    to[k] = place[isTool[receiver] === true ? sender : receiver] ?? 0;
  }
  const wanted = [...activations.participant.keys()].filter((k) => isTool[activations.participant[k] ?? 0] !== true);
  const pick = (list: Uint32Array | Uint8Array): number[] => wanted.map((k) => list[k] ?? 0);
  const mine: SequenceActivations = {
    participant: Uint32Array.from(pick(activations.participant), (who) => place[who] ?? 0),
    from: Uint32Array.from(pick(activations.from)),
    to: Uint32Array.from(pick(activations.to)),
    level: Uint8Array.from(pick(activations.level)),
    open: Uint8Array.from(pick(activations.open)),
  };
  return { ...sequence, participants: kept, from, to, activations: mine };
}

/** The folds of another state of the same sequence that are the same repeats: `open` for `before`, now for `after`. */
export function sameFolds(before: Sequence, after: Sequence, open: ReadonlySet<number>): ReadonlySet<number> {
  if (open.size === 0 || before.folds === after.folds) return open;
  const key = ({ folds }: Sequence, fold: number): string => `${folds.start[fold] ?? -1} ${folds.period[fold] ?? 0}`;
  const wanted = new Set([...open].map((fold) => key(before, fold)));
  return new Set([...after.folds.start.keys()].filter((fold) => wanted.has(key(after, fold))));
}
