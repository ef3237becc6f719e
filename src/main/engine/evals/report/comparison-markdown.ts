/** The report of a comparison that a person reads: what changed in words, the figures, and the items behind them. */
import {
  ITEM_CHANGES,
  type CriterionComparison,
  type ItemChange,
  type RunComparison,
  type SideFigures,
} from '#shared/comparison.ts';
import { summaryOf } from '../../../analysis/comparison/summary.ts';
import { amountText, changeText, counted, pText, rangeText } from '../../../analysis/comparison/figures-text.ts';
import { itemJson, type ComparisonReport } from './comparison-items.ts';
import { inline } from './markdown.ts';
import { shortened } from './report.ts';

const MOST_LISTED = 50;
const LONGEST_TITLE = 120;

export function* comparisonMarkdown({ comparison, items }: ComparisonReport): Generator<string> {
  const { baseline, others, resamples, seed } = comparison;
  yield `## ${inline(baseline.name)} (A) against ${others.map(({ run }) => inline(run.name)).join(', ')}\n\n`;
  yield `${PAIRED[comparison.pairedBy]} Resampled ${counted(resamples)} times with seed ${seed}; p corrected by Holm over all criteria.\n\n`;
  for (const other of others) {
    yield `### ${inline(baseline.name)} → ${inline(other.run.name)} (B)\n\n`;
    yield `${summaryOf(other.criteria)}\n\n`;
    yield '| Criterion | A | B | B − A | 95 % interval | p (Holm) | Wins / losses / ties | Smallest detectable | Verdict |\n';
    yield '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n';
    for (const criterion of other.criteria) yield criterionRow(criterion);
    yield '\n';
    for (const { name, says } of other.criteria) yield `- **${inline(name)}**: ${inline(says)}\n`;
    yield `\nItems: ${ITEM_CHANGES.map((change) => `${counted(other.counts[change])} ${change}`).join(', ')}.\n\n`;
    const rows = items(other.run.id);
    for (const change of ['regressed', 'fixed'] as const) {
      const found: number[] = [];
      for (let row = 0; row < rows.keys.length; row++) if (rows.change[row] === CODE[change]) found.push(row);
      if (found.length === 0) continue;
      yield `<details>\n<summary>${HEADS[change]} (${counted(found.length)})</summary>\n\n| Item | A | B |\n| --- | --- | --- |\n`;
      // What is fixed most stands last among the rows.
      if (change === 'fixed') found.reverse();
      for (const row of found.slice(0, MOST_LISTED)) {
        const { key, title, traceA, traceB } = itemJson(rows, row);
        const cells = [title === '' || title === key ? key : `${key}: ${title}`, traceA ?? '–', traceB ?? '–'];
        yield `| ${cells.map((cell) => inline(shortened(cell, LONGEST_TITLE))).join(' | ')} |\n`;
      }
      if (found.length > MOST_LISTED) yield `\n… and ${counted(found.length - MOST_LISTED)} more.\n`;
      yield '\n</details>\n\n';
    }
  }
}

const CODE = { fixed: ITEM_CHANGES.indexOf('fixed'), regressed: ITEM_CHANGES.indexOf('regressed') } as const;
const HEADS: Readonly<Record<Extract<ItemChange, 'fixed' | 'regressed'>, string>> = {
  regressed: 'Regressed',
  fixed: 'Fixed',
};
const PAIRED: Readonly<Record<RunComparison['pairedBy'], string>> = {
  trace: 'Items are paired by their trace.',
  task: 'Items are paired by their task.',
  none: 'The runs share no item: they are compared as groups of different tasks, so chance plays a larger part.',
};

/** Over what both runs have, which is what the difference is of; the run as a whole beside it where that says something else. */
function sideText(criterion: CriterionComparison, { value, shared, n }: SideFigures): string {
  const whole = amountText(criterion, value);
  const both = amountText(criterion, shared ?? value);
  return both === whole ? `${whole} (${counted(n)})` : `${both} (all ${counted(n)}: ${whole})`;
}

function criterionRow(criterion: CriterionComparison): string {
  const { name, a, b, p, pAdjusted, testName, wins, losses, ties, minDetectable, verdict } = criterion;
  const cells = [
    inline(name),
    sideText(criterion, a),
    sideText(criterion, b),
    changeText(criterion, criterion.delta),
    rangeText(criterion),
    p === null || pAdjusted === null ? '–' : `${pText(p)} (${pText(pAdjusted)}), ${testName}`,
    `${counted(wins)} / ${counted(losses)} / ${counted(ties)}`,
    changeText(criterion, minDetectable).replace('+', ''),
    `${MARKS[verdict]} ${verdict}`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

const MARKS: Readonly<Record<CriterionComparison['verdict'], string>> = {
  better: '▲',
  worse: '▼',
  different: '◆',
  'no difference shown': '·',
  'nothing to compare': '–',
};
