/** The faults of the open trace by span, for every pane that marks spans: the tree reads one entry per row on show. */
import { useEffect, useMemo, useState } from 'react';
import { create } from 'zustand';
import type { Detection, Finding } from '#shared/detect.ts';
import { useEngine } from '../../../data/engine.ts';

/** Findings at whose head a span stands, the most severe first. */
type FaultMarks = ReadonlyMap<string, readonly Finding[]>;

const NONE: FaultMarks = new Map();

export const useFaultMarks = create<{ readonly detection: Detection | null; readonly marks: FaultMarks }>()(() => ({
  detection: null,
  marks: NONE,
}));

/**
 * Above this, tree and pictures are to be on the screen before the engine is kept busy with rules, and it is left to
 * collect while spans arrive: findings come when the trace has been quiet this long.
 */
const LARGE = 5_000;
const QUIET_MS = 1_500;

/** Asks for the faults of a trace, and marks its spans while it is open. */
export function useFaults(traceId: string, spans: number): void {
  const large = spans > LARGE;
  /** How many spans there were when the trace had last been quiet. */
  const [quietAt, setQuietAt] = useState(-1);
  useEffect(() => {
    if (!large) return;
    const timer = setTimeout(() => setQuietAt(spans), QUIET_MS);
    return () => clearTimeout(timer);
  }, [large, spans]);
  const { data } = useEngine('trace.detect', { traceId }, { enabled: spans > 0 && (!large || quietAt === spans) });
  const marks = useMemo(() => marksOf(data?.findings ?? []), [data]);
  useEffect(() => {
    useFaultMarks.setState({ detection: data ?? null, marks });
  }, [data, marks]);
  useEffect(() => () => useFaultMarks.setState({ detection: null, marks: NONE }), []);
}

export function marksOf(findings: readonly Finding[]): FaultMarks {
  const marks = new Map<string, Finding[]>();
  for (const finding of findings) {
    const [first] = finding.spanIds;
    if (first === undefined) continue;
    const known = marks.get(first);
    if (known) known.push(finding);
    else marks.set(first, [finding]);
  }
  return marks;
}

/** Rows of the spans at fault, ascending. */
export function faultRows(marks: FaultMarks, rowOf: (spanId: string) => number): Int32Array {
  return Int32Array.from([...marks.keys()].map(rowOf).filter((row) => row >= 0)).sort();
}
