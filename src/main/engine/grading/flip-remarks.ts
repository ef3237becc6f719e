/** In plain sentences, what to know before trusting a flip preview. */
import type { FlipPreview, HalfFigures, HeldOutComparison } from '#shared/flips.ts';
import type { Direction } from '#shared/grader.ts';

/** Fewer labels of one kind in one half say little: the interval of a share of 10 is about half the scale. */
const FEW = 10;

export function flipRemarks(preview: Omit<FlipPreview, 'remarks'>, direction: Direction): string[] {
  const { graded, from, oldVersion, traces, total, stale, labels, next, comparison } = preview;
  const remarks: string[] = [];
  const of = labels.pass + labels.fail;
  if (!graded) {
    remarks.push('This grader asks a model: nothing was graded yet.');
    return remarks;
  }
  if (direction === 'neutral')
    remarks.push('Its direction is neutral: there is no pass or fail, so nothing can be held against people.');
  if (from === 'graded')
    remarks.push(`Version ${oldVersion ?? 1} had no stored verdicts on these traces: it graded them now, too.`);
  if (from === 'none') remarks.push('It was never saved: there are no verdicts that could change.');
  if (stale > 0)
    remarks.push(
      `${count(stale, 'stored verdict')} ${stale === 1 ? 'is' : 'are'} about a trace that has changed since.`,
    );
  if (total > traces)
    remarks.push(
      `Of ${count(total, 'trace')}, ${traces} were looked at: drawn by chance, and besides them labelled ones.`,
    );
  if (direction !== 'neutral') remarks.push(...ofLabels(preview, of));
  if (comparison) remarks.push(...ofComparison(comparison));
  if (of > 0 && direction !== 'neutral') {
    const { corrected, predictionPowered } = next.rate;
    if (corrected === null)
      remarks.push(
        'No corrected pass rate (Rogan-Gladen): on the development half there must be passes and fails of people, and the grader must tell them apart better than chance.',
      );
    if (predictionPowered === null)
      remarks.push(
        'No prediction-powered pass rate: it takes two labelled traces in the held-out half, and two that nobody labelled.',
      );
    if (corrected !== null || predictionPowered !== null)
      remarks.push('Corrected pass rates hold as far as the labelled traces are like the others.');
  }
  return remarks;
}

function ofLabels({ labels, next }: Omit<FlipPreview, 'remarks'>, of: number): string[] {
  const verdicts = labels.source.kind === 'verdict';
  const remarks: string[] = [];
  if (of === 0)
    remarks.push(
      verdicts
        ? 'Nobody gave these traces a verdict, so it cannot be said which version is right. Annotate some as passed and failed, or choose a category that counts as failed.'
        : 'None of these traces is labelled, so it cannot be said which version is right.',
    );
  else if (labels.pass === 0 || labels.fail === 0)
    remarks.push(
      `People ${labels.pass === 0 ? 'failed' : 'passed'} all ${count(of, 'labelled trace')}: how the grader treats the others is not known. Label some of those, too.`,
    );
  else
    for (const [name, half] of [
      ['development', next.development],
      ['held-out', next.heldOut],
    ] as const) {
      const few = fewIn(half);
      if (few !== null)
        remarks.push(
          `In the ${name} half there are only ${few}: the intervals are wide, and a difference may be luck.`,
        );
    }
  if (labels.disputed > 0)
    remarks.push(
      `On ${count(labels.disputed, 'trace')} people disagree, as many for as against: ${labels.disputed === 1 ? 'it is' : 'they are'} left out.`,
    );
  const undecided = next.development.undecided + next.heldOut.undecided;
  if (undecided > 0) remarks.push(`The new version gives ${count(undecided, 'labelled trace')} neither pass nor fail.`);
  return remarks;
}

function fewIn({ tp, fn, fp, tn }: HalfFigures): string | null {
  const [passes, fails] = [tp + fn, fp + tn];
  const parts = [
    ...(passes < FEW ? [`${passes} that people passed`] : []),
    ...(fails < FEW ? [`${fails} that people failed`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

function ofComparison({ measure, items, old, next, difference, newlyErrored }: HeldOutComparison): string[] {
  const remarks: string[] = [];
  if (newlyErrored > 0)
    remarks.push(`It errs on ${count(newlyErrored, 'held-out trace')} on which the saved version gives a verdict.`);
  if (items === 0) return remarks;
  const { value, interval } = difference;
  if (Math.abs(value) < 1e-12)
    remarks.push(`On the held-out half both versions agree with people alike: ${measure} ${percent(old)}.`);
  else
    remarks.push(
      `On the held-out half (${count(items, 'trace')}) the new version is ${value < 0 ? 'worse' : 'better'}: ${measure} ${percent(next)} instead of ${percent(old)}, ` +
        `${value < 0 ? 'less' : 'more'} by ${points(value)}${
          interval === null
            ? '; there are too few labels for an interval.'
            : `, 95 % interval ${signed(interval.low)} to ${signed(interval.high)}, which ${
                interval.low > 0 || interval.high < 0 ? 'excludes 0.' : 'does not exclude 0: it may be luck.'
              }`
        }`,
    );
  return remarks;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(value: number): string {
  return `${(Math.abs(value) * 100).toFixed(1)} points`;
}

function signed(value: number): string {
  const text = (value * 100).toFixed(1);
  return value > 0 ? `+${text}` : text.replace('-', '−');
}
