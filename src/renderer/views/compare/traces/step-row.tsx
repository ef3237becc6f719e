import { memo } from 'react';
import { ChevronRight, Flag } from 'lucide-react';
import type { AlignedTraces, StepChange } from '#shared/alignment.ts';
import type { SpanPreview } from '#shared/event-log.ts';
import type { SpanKind } from '#shared/record.ts';
import { agentColour } from '../../../theme/agent-colour.ts';
import { KindIcon, StatusIcon } from '../../../theme/kind-icon.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { Item } from './model/items.ts';
import type { Side } from './model/sides.ts';
import { changesOf, opOf } from './model/words.ts';
import { OpMark } from './op-mark.tsx';
import styles from './traces.module.css';

type Props = {
  readonly item: Item;
  readonly index: number;
  readonly top: number;
  readonly aligned: AlignedTraces;
  readonly a: Side;
  readonly b: Side;
  readonly previewA: SpanPreview | undefined;
  readonly previewB: SpanPreview | undefined;
  readonly active: boolean;
  readonly onPick: (index: number) => void;
};

export function stepRowId(index: number): string {
  return `aligned-step-${index}`;
}

export const StepRow = memo(function StepRow(props: Props) {
  const { item, index, top, aligned, active, onPick } = props;
  const common = {
    role: 'row',
    id: stepRowId(index),
    'aria-rowindex': index + 2,
    'aria-selected': active,
    style: { transform: `translateY(${top}px)` },
    onClick: () => onPick(index),
  } as const;
  if (item.type === 'fold') {
    const count = item.to - item.from;
    return (
      <div {...common} className={styles.fold} data-fold={item.what} data-active={active || undefined}>
        <span role="gridcell" aria-colspan={3} className={styles.foldCell}>
          <ChevronRight size={13} aria-hidden />
          {item.what === 'same' ? `${formatCount(count)} same steps` : <Repeats {...props} item={item} />}
          <span className={styles.foldHint}>Enter opens</span>
        </span>
      </div>
    );
  }
  const { step } = item;
  const op = opOf(aligned, step);
  const first = step === aligned.firstDivergence;
  const [rowA, rowB] = [aligned.a[step] ?? -1, aligned.b[step] ?? -1];
  const changes = changesOf(aligned, step);
  return (
    <div
      {...common}
      className={styles.step}
      data-op={op}
      data-step={step}
      data-first={first || undefined}
      data-active={active || undefined}
    >
      <Cell side={props.a} row={rowA} preview={props.previewA} />
      <span role="gridcell" className={styles.middle}>
        {first && (
          <span className={styles.first} title="Here both part for the first time">
            <Flag size={11} strokeWidth={2.4} aria-hidden />
            first
            <span className="visually-hidden"> divergence</span>
          </span>
        )}
        <OpMark op={op} word={!first} />
        <Changes changes={changes} />
      </span>
      <Cell side={props.b} row={rowB} preview={props.previewB} />
    </div>
  );
});

function Repeats({ item, aligned, a, b }: Props & { readonly item: Extract<Item, { type: 'fold' }> }) {
  const inA = (aligned.b[item.from] ?? -1) < 0;
  const row = (inA ? aligned.a[item.from] : aligned.b[item.from]) ?? -1;
  const name = row < 0 ? '' : (inA ? a : b).at(row).name;
  return (
    <span className={styles.cut}>
      repeated ×{formatCount(item.to - item.from)} in {inA ? 'A' : 'B'}, from {visibleString(name.slice(0, 120))}
    </span>
  );
}

function Changes({ changes }: { readonly changes: readonly StepChange[] }) {
  if (changes.length === 0) return null;
  return (
    <span className={styles.changes} title={`Differs in ${changes.join(', ')}`}>
      {changes.join(', ')}
    </span>
  );
}

const DEEPEST = 8;
const LONGEST = 300;

type CellProps = { readonly side: Side; readonly row: number; readonly preview: SpanPreview | undefined };

function Cell({ side, row, preview }: CellProps) {
  if (row < 0)
    return (
      <span role="gridcell" className={styles.gap}>
        <span className="visually-hidden">not there</span>
      </span>
    );
  const { kind, status, name, agent, depth, preview: known } = side.at(row);
  const text = known ?? previewText(kind, preview);
  return (
    <span role="gridcell" className={styles.cell} style={{ paddingLeft: 8 + Math.min(depth, DEEPEST) * 9 }}>
      <KindIcon kind={kind} size={13} />
      {status === 'error' && <StatusIcon status="error" size={12} />}
      {agent !== '' && (
        <span className={styles.agent} title={`Agent ${visibleString(agent.slice(0, 200))}`}>
          <span className={styles.dot} style={{ background: agentColour(agent).solid }} />
          {agent !== name && <span className={styles.agentName}>{visibleString(agent.slice(0, 60))}</span>}
        </span>
      )}
      <span className={styles.name} title={visibleString(name.slice(0, 500))}>
        {visibleString(name.slice(0, LONGEST)) || 'no name'}
      </span>
      {text !== '' && <span className={styles.preview}>{visibleString(text.slice(0, LONGEST))}</span>}
    </span>
  );
}

/** What a step did, in short: what a model said, and what a tool was asked and answered. */
function previewText(kind: SpanKind, preview: SpanPreview | undefined): string {
  if (!preview) return '';
  const { input, output, handoff } = preview;
  if (handoff?.to) return `→ ${handoff.to}`;
  if (kind === 'generation' || kind === 'agent') return output ?? input ?? '';
  return [input, output].filter((text) => text !== null && text !== '').join('  →  ');
}
