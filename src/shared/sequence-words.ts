/** How messages of a sequence are told in words, in pictures, text and speech alike. */
import type { Sequence, SequenceKind } from './sequence.ts';
import { SPAN_STATUSES } from './record.ts';
import { SEQUENCE_KINDS } from './sequence.ts';

export type MessageView = {
  readonly from: string;
  readonly to: string;
  readonly kind: SequenceKind;
  readonly label: string;
  readonly spanId: string;
  readonly status: (typeof SPAN_STATUSES)[number];
  readonly inferred: boolean;
  /** Nanoseconds after the trace's start. */
  readonly time: number | null;
};

const KIND_WORDS: { readonly [K in SequenceKind]: string } = {
  message: 'message',
  agent_call: 'call',
  tool_call: 'call',
  handoff: 'handoff',
  tool_result: 'result',
  return: 'return',
};

/** `from` and `to` as names. `position` counts from the first message of the columns given. */
export function messageAt(sequence: Sequence, position: number): MessageView {
  const time = sequence.time[position] ?? NaN;
  return {
    from: sequence.participants[sequence.from[position] ?? 0]?.name ?? '',
    to: sequence.participants[sequence.to[position] ?? 0]?.name ?? '',
    kind: SEQUENCE_KINDS[sequence.kind[position] ?? 0] ?? 'message',
    label: sequence.labels[sequence.label[position] ?? 0] ?? '',
    spanId: sequence.spanIds[sequence.span[position] ?? 0] ?? '',
    status: SPAN_STATUSES[sequence.status[position] ?? 0] ?? 'unset',
    inferred: sequence.inferred[position] === 1,
    time: Number.isNaN(time) ? null : time,
  };
}

/** What stands on the arrow: its kind, its label where that says more than both ends do, and its doubts. */
export function arrowText({ from, to, kind, label, status, inferred }: MessageView): string {
  // A message has no name of its own: its span is the agent's first or the model's last.
  const known =
    kind === 'message' ||
    label === from ||
    label === to ||
    (label.includes(from) && label.includes(to)) ||
    label === '';
  const marks = [...(status === 'error' ? ['failed'] : []), ...(inferred ? ['inferred'] : [])];
  return `${KIND_WORDS[kind]}${known ? '' : `: ${label}`}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** Gives something back: drawn with an open head. */
export function goesBack(kind: SequenceKind): boolean {
  return kind === 'tool_result' || kind === 'return';
}

/** "×14", "×14, 2 failed". */
export function foldText({ folds }: Sequence, fold: number): string {
  const errors = folds.errors[fold] ?? 0;
  return `×${folds.count[fold] ?? 0}${errors > 0 ? `, ${errors} failed` : ''}`;
}

/** What makes the order less than certain, a sentence each. */
export function doubtSentences({ doubts, inferred, count }: Sequence): string[] {
  let guessed = 0;
  for (let k = 0; k < count; k++) guessed += inferred[k] ?? 0;
  const spans = (n: number): string => `${n} ${n === 1 ? 'span' : 'spans'}`;
  return [
    ...(doubts.untimed > 0
      ? [`Without a start time: ${spans(doubts.untimed)}, put last in the order of the tree.`]
      : []),
    ...(doubts.skewed > 0 ? [`Earlier than the span around them: ${spans(doubts.skewed)} (clocks differ).`] : []),
    ...(doubts.missingParents > 0 ? [`Parent not received: ${spans(doubts.missingParents)}.`] : []),
    ...(doubts.cyclicParents > 0 ? [`Inside themselves, cut loose: ${spans(doubts.cyclicParents)}.`] : []),
    ...(doubts.running > 0 ? [`Still running: ${spans(doubts.running)}.`] : []),
    ...(guessed > 0 ? [`Concluded from order or nesting: ${guessed} ${guessed === 1 ? 'message' : 'messages'}.`] : []),
  ];
}
