import { memo } from 'react';
import { Bug, Check } from 'lucide-react';
import { formatDuration, nsToIso } from '#shared/time.ts';
import type { TraceRow } from '#shared/trace.ts';
import { AgentChip, Chip } from '../../widgets/chip.tsx';
import { formatCompact, formatCount, formatRelative, nsTextToMs } from '../../widgets/format.ts';
import { Highlighted } from '../../widgets/highlighted.tsx';
import { Money } from '../../widgets/money.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { StatusIcon } from '../../theme/kind-icon.tsx';
import { fittingChips } from './fitting-chips.ts';
import styles from './trace-grid.module.css';

export type RowMarks = {
  readonly name: readonly string[];
  readonly agent: readonly string[];
  readonly source: readonly string[];
  readonly tag: readonly string[];
};

type Props = {
  readonly row: TraceRow;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly now: number;
  /** Nanoseconds that fill the duration bar. */
  readonly scale: number;
  readonly marks: RowMarks;
  /** Pixels of the agents column. */
  readonly agentsWidth: number;
  readonly onPick: (index: number, how: 'open' | 'toggle' | 'extend') => void;
};

const MAX_TAGS = 2;

export const TraceRowView = memo(function TraceRowView(props: Props) {
  const { row, index, active, selected, marks } = props;
  const started = nsTextToMs(row.startNs);
  const tokens = sumTokens(row);
  const agents = hitsFirst(row.agents, marks.agent);
  const shown = fittingChips(agents, props.agentsWidth);
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-trace={row.id}
      className={`${styles.row} ${active ? styles.active : ''} ${selected ? styles.selected : ''}`}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={(event) =>
        props.onPick(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'open')
      }
    >
      <span
        role="gridcell"
        className={styles.status}
        onClick={(event) => {
          event.stopPropagation();
          props.onPick(index, event.shiftKey ? 'extend' : 'toggle');
        }}
      >
        <span className={styles.statusIcon}>
          <StatusIcon status={row.status} />
        </span>
        <span className={styles.box}>{selected && <Check size={11} strokeWidth={3} aria-hidden />}</span>
      </span>
      <span role="gridcell" className={styles.name} title={row.name.slice(0, 1_000)}>
        <span className={styles.cut}>
          <Highlighted text={visibleString(row.name === '' ? row.id : row.name)} words={marks.name} />
        </span>
        <Findings findings={row.findings} />
        {row.issues > 0 && (
          <Chip tone="warn" title={`${formatCount(row.issues)} issues while reading this trace`}>
            {formatCompact(row.issues)}
          </Chip>
        )}
      </span>
      <span role="gridcell" className={`${styles.chips} ${styles.agents}`} title={row.agents.slice(0, 50).join(', ')}>
        {agents.slice(0, shown).map((agent) => (
          <AgentChip
            key={agent}
            name={agent}
            className={`${styles.chip} ${marks.agent.some((word) => contains(agent, word)) ? styles.hit : ''}`}
          />
        ))}
        {agents.length > shown && <span className={styles.rest}>+{agents.length - shown}</span>}
      </span>
      <span role="gridcell" className={styles.dim} title={exactTime(row.startNs)}>
        {started === null ? '–' : formatRelative(started, props.now)}
      </span>
      <span
        role="gridcell"
        className={styles.duration}
        title={row.durationNs === null ? 'Not known' : `${formatCount(row.durationNs)} ns`}
      >
        <span className={styles.durationText}>{formatDuration(row.durationNs)}</span>
        <DurationBar row={row} scale={props.scale} />
      </span>
      <span role="gridcell" className={styles.number}>
        {formatCompact(row.spans)}
      </span>
      <span role="gridcell" className={`${styles.number} ${row.errors > 0 ? styles.errors : styles.zero}`}>
        {formatCompact(row.errors)}
      </span>
      <span
        role="gridcell"
        className={`${styles.number} ${tokens === null ? styles.zero : ''}`}
        title={tokenTitle(row)}
      >
        {tokens === null ? '–' : formatCompact(tokens)}
      </span>
      <span role="gridcell" className={`${styles.number} ${row.cost === null ? styles.zero : ''}`}>
        <Money usd={row.cost} basis={row.costBasis} of={row} />
      </span>
      <Scores scores={row.scores} />
      <span
        role="gridcell"
        className={`${styles.number} ${row.annotations === 0 ? styles.zero : ''}`}
        title={`${formatCount(row.annotations)} ${row.annotations === 1 ? 'annotation' : 'annotations'}`}
      >
        {formatCompact(row.annotations)}
      </span>
      <span role="gridcell" className={`${styles.dim} ${styles.cut} ${styles.source}`} title={row.source}>
        <Highlighted text={visibleString(row.source)} words={marks.source} />
      </span>
      <span role="gridcell" className={`${styles.chips} ${styles.tags}`} title={row.tags.slice(0, 50).join(', ')}>
        {row.tags.slice(0, MAX_TAGS).map((tag) => (
          <Chip key={tag} className={marks.tag.some((word) => contains(tag, word)) ? (styles.hit ?? '') : ''}>
            {visibleString(tag)}
          </Chip>
        ))}
        {row.tags.length > MAX_TAGS && <span className={styles.rest}>+{row.tags.length - MAX_TAGS}</span>}
      </span>
    </div>
  );
});

/** How many faults detectors found, with the severity of the worst. */
function Findings({ findings }: { readonly findings: TraceRow['findings'] }) {
  const [worst] = findings ?? [];
  if (!findings || !worst) return null;
  const count = findings.reduce((sum, each) => sum + each.count, 0);
  const sentence = `${formatCount(count)} ${count === 1 ? 'finding' : 'findings'}, the worst of ${worst.severity} severity`;
  return (
    <span
      className={styles.findings}
      data-severity={worst.severity}
      title={[sentence, ...findings.map((each) => `${each.detector} ${formatCount(each.count)}`)].join('\n')}
    >
      <Bug size={11} role="img" aria-label={sentence} />
      <span aria-hidden>{formatCompact(count)}</span>
    </span>
  );
}

/** The first score, and how many there are beside it; a verdict is told by a word too, not by its colour alone. */
function Scores({ scores }: { readonly scores: TraceRow['scores'] }) {
  const [first] = scores;
  if (!first) {
    return (
      <span role="gridcell" className={`${styles.number} ${styles.scores} ${styles.zero}`}>
        –
      </span>
    );
  }
  const verdict = first.passed === null ? '' : first.passed ? styles.passed : styles.failed;
  return (
    <span
      role="gridcell"
      className={`${styles.scores} ${styles.cut} ${verdict}`}
      title={scores.map((score) => `${visibleString(score.name)}: ${scoreWord(score)}`).join('\n')}
    >
      {visibleString(scoreWord(first))}
      {scores.length > 1 && <span className={styles.rest}>+{scores.length - 1}</span>}
    </span>
  );
}

function scoreWord({ value, label, passed }: TraceRow['scores'][number]): string {
  const number = value === null ? null : String(Math.round(value * 1_000) / 1_000);
  const verdict = passed === null ? null : passed ? 'pass' : 'fail';
  return [verdict, label === verdict ? null : label, number].filter((word) => word !== null).join(' ') || '–';
}

function DurationBar({ row, scale }: { readonly row: TraceRow; readonly scale: number }) {
  if (row.durationNs === null || scale <= 0) return <span className={styles.track} />;
  const share = row.durationNs / scale;
  const tone = row.status === 'error' ? styles.barError : row.status === 'running' ? styles.barRunning : '';
  return (
    <span className={styles.track}>
      <span
        className={`${styles.bar} ${tone} ${share > 1 ? styles.over : ''}`}
        style={{ width: `${Math.min(1, share) * 100}%` }}
      />
    </span>
  );
}

export function rowId(index: number): string {
  return `trace-row-${index}`;
}

function sumTokens({ tokens }: TraceRow): number | null {
  return tokens.input === null && tokens.output === null ? null : (tokens.input ?? 0) + (tokens.output ?? 0);
}

function tokenTitle({ tokens }: TraceRow): string {
  const parts: readonly (readonly [string, number | null])[] = [
    ['input', tokens.input],
    ['of it from cache', tokens.cacheRead],
    ['output', tokens.output],
    ['of it reasoning', tokens.reasoning],
  ];
  const known = parts.flatMap(([name, value]) => (value === null ? [] : [`${formatCount(value)} ${name}`]));
  return known.length === 0 ? 'The source gives no token counts' : known.join('\n');
}

function exactTime(ns: string | null): string {
  if (ns === null) return 'Not known';
  const ms = nsTextToMs(ns);
  return ms === null ? `${ns} ns` : `${new Date(ms).toLocaleString()}\n${nsToIso(BigInt(ns))}`;
}

/** What was searched for is what must be seen. */
function hitsFirst(names: readonly string[], words: readonly string[]): readonly string[] {
  if (words.length === 0) return names;
  const isHit = (name: string) => words.some((word) => contains(name, word));
  return [...names.filter(isHit), ...names.filter((name) => !isHit(name))];
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}
