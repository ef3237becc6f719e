import { ArrowLeftRight, Download, Flag, Replace } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AlignedTraces, StepOp } from '#shared/alignment.ts';
import { STEP_OPS } from '#shared/alignment.ts';
import { formatDuration } from '#shared/time.ts';
import { go } from '../../../state/place.ts';
import { StatusIcon } from '../../../theme/kind-icon.tsx';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Chip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCompact, formatCount } from '../../../widgets/format.ts';
import { Money } from '../../../widgets/money.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { Side } from './model/sides.ts';
import { OpMark } from './op-mark.tsx';
import styles from './traces.module.css';

type Props = {
  readonly aligned: AlignedTraces;
  readonly a: Side;
  readonly b: Side;
  readonly ops: ReadonlySet<StepOp> | null;
  readonly onOps: (ops: ReadonlySet<StepOp> | null) => void;
  readonly toolsOnly: boolean;
  readonly onToolsOnly: (toolsOnly: boolean) => void;
  readonly onSwap: (() => void) | null;
  readonly onChange: (side: 'a' | 'b') => void;
  readonly expected: { readonly label: string; readonly onPress: () => void } | null;
  readonly onFirst: () => void;
  readonly copy: () => string;
  readonly onTable: () => void;
};

export function PairHead(props: Props) {
  const { aligned, a, b, ops, onOps, toolsOnly, onToolsOnly, onSwap, onChange, expected, onFirst, copy, onTable } =
    props;
  const { counts, similarity, editDistance, firstDivergence } = aligned;

  function toggle(op: StepOp): void {
    const next = new Set(ops ?? []);
    if (!next.delete(op)) next.add(op);
    onOps(next.size === 0 || next.size === STEP_OPS.length ? null : next);
  }

  return (
    <header className={styles.head} aria-label="Compared traces">
      <div className={styles.sides}>
        <SideHead letter="A" side={a} onChange={() => onChange('a')} />
        {onSwap === null ? (
          <span className={styles.versus} aria-hidden>
            vs
          </span>
        ) : (
          <IconButton label="Swap A and B" keys="x" icon={<ArrowLeftRight size={15} aria-hidden />} onClick={onSwap} />
        )}
        <SideHead letter="B" side={b} onChange={() => onChange('b')} />
      </div>
      <div className={styles.figures}>
        <span className={styles.similarity} title={`${formatCount(editDistance)} steps to take out and to put in`}>
          <b>{(similarity * 100).toFixed(similarity > 0.995 && similarity < 1 ? 1 : 0)} %</b> of steps in both
          <span className={styles.quiet}> · edit distance {formatCount(editDistance)}</span>
        </span>
        <span className={styles.chips} role="group" aria-label="Steps that are listed">
          {STEP_OPS.filter((op) => counts[op] > 0).map((op) => (
            <button
              key={op}
              type="button"
              className={styles.filter}
              aria-pressed={ops?.has(op) ?? false}
              onClick={() => toggle(op)}
            >
              <OpMark op={op} />
              <b>{formatCompact(counts[op])}</b>
            </button>
          ))}
          {a.address !== null && (
            <button
              type="button"
              className={styles.filter}
              aria-pressed={toolsOnly}
              onClick={() => onToolsOnly(!toolsOnly)}
            >
              tool calls only
            </button>
          )}
        </span>
        <span className={styles.fill} />
        {expected && (
          <Button variant="ghost" onClick={expected.onPress}>
            {expected.label}
          </Button>
        )}
        {firstDivergence >= 0 ? (
          <Button icon={<Flag size={13} aria-hidden />} title="Go to the first divergence (F)" onClick={onFirst}>
            First divergence: step {formatCount(firstDivergence + 1)}
          </Button>
        ) : (
          <Chip tone="ok">They never part</Chip>
        )}
        <CopyButton label="Copy the steps as text" text={copy} />
        <IconButton label="Export the steps as CSV…" icon={<Download size={14} aria-hidden />} onClick={onTable} />
      </div>
    </header>
  );
}

type SideProps = { readonly letter: 'A' | 'B'; readonly side: Side; readonly onChange: () => void };

function SideHead({ letter, side, onChange }: SideProps) {
  const { trace, title, address } = side;
  const tokens = trace === null ? null : tokensOf(trace.tokens);
  return (
    <div className={styles.side} data-side={letter}>
      <span className={styles.letter}>{letter}</span>
      <div className={styles.sideText}>
        <div className={styles.sideLine}>
          {trace && <StatusIcon status={trace.status} size={14} />}
          {address === null ? (
            <span className={styles.sideName} title={visibleString(title.slice(0, 500))}>
              {visibleString(title.slice(0, 200))}
            </span>
          ) : (
            <button
              type="button"
              className={styles.sideName}
              title={`Open the trace: ${visibleString(title.slice(0, 500))}`}
              onClick={() => go({ view: 'trace', traceId: address })}
            >
              {visibleString(title.slice(0, 200))}
            </button>
          )}
          <IconButton
            label={`Choose another trace for ${letter}…`}
            icon={<Replace size={13} aria-hidden />}
            onClick={onChange}
          />
        </div>
        <div className={styles.sideFacts}>
          <Facts>
            {trace && formatDuration(trace.durationNs)}
            <>
              {formatCount(trace?.spans ?? side.count)} {trace ? 'span' : 'expected call'}
              {(trace?.spans ?? side.count) === 1 ? '' : 's'}
            </>
            {tokens !== null && <>{formatCompact(tokens)} tokens</>}
            {trace && trace.cost !== null && <Money usd={trace.cost} basis={trace.costBasis} of={trace} />}
            {trace && trace.errors > 0 && (
              <span className={styles.bad}>
                {formatCount(trace.errors)} {trace.errors === 1 ? 'error' : 'errors'}
              </span>
            )}
          </Facts>
          {trace?.scores.slice(0, 3).map(({ name, value, label, passed }) => (
            <Chip key={name} tone={passed === null ? 'neutral' : passed ? 'ok' : 'error'}>
              {visibleString(
                `${name} ${label ?? (value === null ? '' : Math.round(value * 1_000) / 1_000)}`.slice(0, 60),
              )}
            </Chip>
          ))}
        </div>
      </div>
    </div>
  );
}

function Facts({ children }: { readonly children: readonly ReactNode[] }) {
  return (
    <>
      {children
        .filter((child) => child !== null && child !== false)
        .map((child, index) => (
          <span key={index}>{child}</span>
        ))}
    </>
  );
}

function tokensOf({ input, output }: { readonly input: number | null; readonly output: number | null }): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}
