/** What a new version of a grader would change: see src/shared/flips.ts. Nothing is stored. */
import type { Flip, FlipCounts, FlipPreview, FlipSide, Half, HumanSource, Outcome } from '#shared/flips.ts';
import { FLIPS_SHOWN, FLIP_TRACES, MOST_FLIP_TRACES } from '#shared/flips.ts';
import type { Grade, GraderDefinition, GraderVersion } from '#shared/grader.ts';
import { AppFailure } from '#shared/result.ts';
import { compareOnHeldOut, halfFigures, isWorse, passRate } from '../../analysis/statistics/grader-quality.ts';
import { halvesOf, seededHash } from '../../analysis/statistics/halves.ts';
import { directionOf } from '../../graders/verdict.ts';
import { humanLabels } from '../../review/grader-labels.ts';
import { taxonomiesOf } from '../../review/taxonomies.ts';
import type { Reader } from '../../store/database.ts';
import { versionGrades, versionVerdicts } from '../../store/grade-store.ts';
import { humanRows } from '../../store/human-labels.ts';
import { traceNames } from '../../store/trace-names.ts';
import { flipRemarks } from './flip-remarks.ts';
import type { Grader } from './grader.ts';
import { runsOf } from './runs.ts';

const SEED = 1;
/** Of each verdict in the answer. */
const EVIDENCE = 10;
const EXPLANATION = 1_000;

export type FlipQuestion = {
  readonly reader: Reader;
  readonly bench: Grader;
  /** Null = it was never saved. */
  readonly saved: GraderVersion | null;
  readonly definition: GraderDefinition;
  /** Ids of all traces that the question is about; null = all that have a stored verdict, else all. */
  readonly chosen: readonly string[] | null;
  readonly everyTrace: () => readonly string[];
  readonly source: HumanSource;
  readonly ask: boolean;
  readonly limit?: number;
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};

/** One trace under both versions. */
type Pair = {
  readonly traceId: string;
  readonly old: Grade | null;
  readonly next: Grade;
  readonly human: 'pass' | 'fail' | null;
  readonly half: Half | null;
  /** Drawn by chance, so that its verdict counts in pass rates. */
  readonly drawn: boolean;
};

export async function previewFlips(question: FlipQuestion): Promise<FlipPreview> {
  const { reader, saved, definition, chosen, source, signal } = question;
  const seed = question.seed ?? SEED;
  const limit = Math.max(1, Math.min(question.limit ?? FLIP_TRACES, MOST_FLIP_TRACES));
  const runs = runsOf(definition);
  const stored = saved ? storedOf(reader, saved, chosen) : [];
  const from = saved === null ? 'none' : stored.length > 0 ? 'stored' : 'graded';
  const all = stored.length > 0 ? stored.map(({ traceId }) => traceId) : (chosen ?? question.everyTrace());
  const human = humanLabels(
    humanRows(reader, source.kind === 'verdict' ? 'verdict' : null),
    source,
    taxonomiesOf(reader),
  );
  const { drawn, extra } = draw(all, limit, seed, (traceId) => isLabel(human.get(traceId)));
  const traceIds = [...drawn, ...extra];
  const oldRuns = saved ? runsOf(saved.definition) : 'pure';
  const asks = runs === 'endpoint' || (from === 'graded' && oldRuns === 'endpoint');
  const graded = question.ask || !asks;
  const stale = new Set(stored.flatMap((each) => (each.stale ? [each.traceId] : [])));
  const before =
    saved && from === 'stored'
      ? new Map(versionGrades(reader, saved.graderId, saved.hash, traceIds).map((row) => [row.traceId, gradeIn(row)]))
      : new Map<string, Grade>();

  const labelled = traceIds.flatMap((id) => {
    const label = human.get(id);
    return isLabel(label) ? [{ id, label }] : [];
  });
  const halves = halvesOf(labelled, seed);
  const now = graded ? await gradeAll(question, from === 'graded' ? saved : null, traceIds) : new Map<string, Graded>();
  if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });

  const inSample = new Set(drawn);
  const pairs = traceIds.flatMap((traceId): Pair[] => {
    const made = now.get(traceId);
    if (!made) return [];
    const label = human.get(traceId);
    const first = halves.get(traceId);
    return [
      {
        traceId,
        old: before.get(traceId) ?? made.old,
        next: made.next,
        human: isLabel(label) ? label : null,
        half: first === undefined ? null : first ? 'development' : 'heldOut',
        drawn: inSample.has(traceId),
      },
    ];
  });
  const flips = flipsOf(pairs);
  const heldOut = pairs.filter(({ half }) => half === 'heldOut');
  const comparison =
    saved && graded
      ? compareOnHeldOut(
          heldOut.map(({ human: label, old, next }) => ({
            human: label === 'pass',
            old: old?.passed ?? null,
            next: next.passed,
            errored: next.status === 'errored',
          })),
          seed,
        )
      : null;
  const told = flips.slice(0, FLIPS_SHOWN);
  const names = traceNames(
    reader,
    told.map(({ traceId }) => traceId),
  );
  const preview: Omit<FlipPreview, 'remarks'> = {
    oldVersion: saved?.number ?? null,
    runs,
    graded,
    from,
    traces: pairs.length,
    total: all.length,
    stale: traceIds.filter((id) => stale.has(id)).length,
    counts: countFlips(pairs),
    flips: told.map((flip) => ({ ...flip, traceName: names.get(flip.traceId) ?? flip.traceId })),
    flipCount: flips.length,
    labels: {
      source,
      pass: labelled.filter(({ label }) => label === 'pass').length,
      fail: labelled.filter(({ label }) => label === 'fail').length,
      disputed: traceIds.filter((id) => human.get(id) === 'disputed').length,
      seed,
    },
    old: saved ? sideOf(pairs, ({ old }) => old, seed) : null,
    next: sideOf(pairs, ({ next }) => next, seed),
    comparison,
    worse: comparison !== null && isWorse(comparison),
  };
  return { ...preview, remarks: flipRemarks(preview, directionOf(definition)) };
}

function isLabel(label: 'pass' | 'fail' | 'disputed' | undefined): label is 'pass' | 'fail' {
  return label === 'pass' || label === 'fail';
}

function storedOf(reader: Reader, { graderId, hash }: GraderVersion, chosen: readonly string[] | null) {
  const all = versionVerdicts(reader, graderId, hash);
  if (chosen === null) return all;
  const wanted = new Set(chosen);
  return all.filter(({ traceId }) => wanted.has(traceId));
}

/** So many by chance, and besides them labelled ones, as many again: there are few of those, and they say most. */
function draw(
  all: readonly string[],
  limit: number,
  seed: number,
  isLabelled: (traceId: string) => boolean,
): { readonly drawn: readonly string[]; readonly extra: readonly string[] } {
  if (all.length <= limit) return { drawn: all, extra: [] };
  const hashed = all.map((id) => ({ id, hash: seededHash(id, seed) })).sort((a, b) => a.hash - b.hash);
  const ids = hashed.map(({ id }) => id);
  return { drawn: ids.slice(0, limit), extra: ids.slice(limit).filter(isLabelled).slice(0, limit) };
}

type Graded = { readonly old: Grade | null; readonly next: Grade };

/** Under the new definition, and under the saved one where that has not spoken yet. A trace that is gone is left out. */
async function gradeAll(
  { bench, definition, signal, progress }: FlipQuestion,
  also: GraderVersion | null,
  traceIds: readonly string[],
): Promise<Map<string, Graded>> {
  const made = new Map<string, Graded>();
  let done = 0;
  await bench.grade(
    { traceIds, definitions: also ? [definition, also.definition] : [definition] },
    (index, result) => {
      done++;
      const [next, old] = result.ok ? result.value.results : [];
      const traceId = traceIds[index];
      if (traceId !== undefined && next) made.set(traceId, { old: old?.grade ?? null, next: next.grade });
      progress(done, traceIds.length);
    },
    signal,
  );
  return made;
}

function outcomeOf({ status, passed }: Grade): Outcome {
  if (status !== 'graded') return status;
  return passed === null ? 'scored' : passed ? 'pass' : 'fail';
}

function flipsOf(pairs: readonly Pair[]): Omit<Flip, 'traceName'>[] {
  return pairs
    .flatMap(({ traceId, old, next, human, half }) => {
      if (old === null) return [];
      const [from, to] = [outcomeOf(old), outcomeOf(next)];
      return from === to ? [] : [{ traceId, from, to, old: cut(old), next: cut(next), human, half }];
    })
    .sort((a, b) => weight(a) - weight(b) || Number(a.human === null) - Number(b.human === null));
}

/** A change of a verdict before one of whether there is one; then those of which people said something. */
function weight({ from, to }: { readonly from: Outcome; readonly to: Outcome }): number {
  if (from === 'pass' && to === 'fail') return 0;
  if (from === 'fail' && to === 'pass') return 1;
  return to === 'errored' ? 2 : 3;
}

function countFlips(pairs: readonly Pair[]): FlipCounts {
  const counts = {
    compared: 0,
    same: 0,
    passToFail: 0,
    failToPass: 0,
    toErrored: 0,
    toNotApplicable: 0,
    toVerdict: 0,
    scoreOnly: 0,
  };
  for (const { old, next } of pairs) {
    if (old === null) continue;
    counts.compared++;
    const [from, to] = [outcomeOf(old), outcomeOf(next)];
    if (from === to) {
      if (old.score === next.score) counts.same++;
      else counts.scoreOnly++;
    } else if (to === 'errored') counts.toErrored++;
    else if (to === 'not_applicable') counts.toNotApplicable++;
    else if (from === 'pass' && to === 'fail') counts.passToFail++;
    else if (from === 'fail' && to === 'pass') counts.failToPass++;
    else counts.toVerdict++;
  }
  return counts;
}

function sideOf(pairs: readonly Pair[], gradeOf: (pair: Pair) => Grade | null, seed: number): FlipSide {
  const graded = pairs.flatMap((pair) => {
    const grade = gradeOf(pair);
    return grade === null ? [] : [{ ...pair, grade }];
  });
  const labelled = (half: Half) =>
    graded.flatMap(({ human, half: of, grade }) =>
      of !== half || human === null ? [] : [{ human: human === 'pass', judged: grade.passed }],
    );
  const drawn = graded.filter((pair) => pair.drawn);
  const passedOf = (some: typeof drawn): boolean[] => some.flatMap(({ grade }) => grade.passed ?? []);
  const [development, heldOut] = [labelled('development'), labelled('heldOut')];
  return {
    rate: passRate(passedOf(drawn), passedOf(drawn.filter(({ human }) => human === null)), development, heldOut),
    errored: drawn.filter(({ grade }) => grade.status === 'errored').length,
    notApplicable: drawn.filter(({ grade }) => grade.status === 'not_applicable').length,
    development: halfFigures(development, seed),
    heldOut: halfFigures(heldOut, seed),
  };
}

/** A stored row without the names of grader, version and trace. */
function gradeIn(row: Grade): Grade {
  const { status, score, label, passed, explanation, evidence, errors, subRewards, usage, notes, durationMs } = row;
  return { status, score, label, passed, explanation, evidence, errors, subRewards, usage, notes, durationMs };
}

function cut(grade: Grade): Grade {
  return {
    ...gradeIn(grade),
    explanation: grade.explanation.slice(0, EXPLANATION),
    evidence: grade.evidence.slice(0, EVIDENCE),
    usage: [],
    notes: {},
  };
}
