/** What a picture shows of the faults at one of its places. */
import type { Finding, Severity } from '#shared/detect.ts';

export type FaultMark = {
  readonly count: number;
  readonly severity: Severity;
  /** The span at fault of the worst. */
  readonly spanId: string;
  /** The first few reasons. */
  readonly reasons: readonly string[];
};

const REASONS = 5;
const LENGTH = 300;

/** @param findings of one place, the worst first */
function faultMark(findings: readonly Finding[]): FaultMark | null {
  const [worst] = findings;
  const spanId = worst?.spanIds[0];
  if (!worst || spanId === undefined) return null;
  const reasons = findings.slice(0, REASONS).map(({ reason }) => reason.slice(0, LENGTH));
  return { count: findings.length, severity: worst.severity, spanId, reasons };
}

/** Marks by place; a finding may stand at several, or at none. */
export function gatherMarks<P>(
  findings: readonly Finding[],
  placesOf: (spanId: string) => readonly P[],
): ReadonlyMap<P, FaultMark> {
  const at = new Map<P, Finding[]>();
  for (const finding of findings) {
    const [first] = finding.spanIds;
    for (const place of new Set(first === undefined ? [] : placesOf(first))) {
      const known = at.get(place);
      if (known) known.push(finding);
      else at.set(place, [finding]);
    }
  }
  const marks = new Map<P, FaultMark>();
  for (const [place, all] of at) {
    const mark = faultMark(all);
    if (mark) marks.set(place, mark);
  }
  return marks;
}

/** A sentence to be spoken after the name of the place; '' without findings. */
export function faultWords(mark: FaultMark | null | undefined): string {
  if (!mark) return '';
  const count = mark.count === 1 ? 'One finding' : `${mark.count} findings`;
  return ` ${count} of ${mark.severity} severity: Shift+Enter goes to ${mark.count === 1 ? 'it' : 'the worst'}.`;
}

export function faultTitle({ reasons, count }: FaultMark): string {
  return [...reasons, ...(count > reasons.length ? [`and ${count - reasons.length} more`] : [])].join('\n');
}

/** The span of the mark that was clicked, or null. */
export function faultAt(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest('[data-fault]')?.getAttribute('data-fault') ?? null) : null;
}
