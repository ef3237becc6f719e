/** What happens in most traces, in order: a row for each step, with the share of traces that have it there. */
import { useImperativeHandle, useMemo, useRef } from 'react';
import type { BehaviourMap, BehaviourStep } from '#shared/behaviour.ts';
import { agentColour } from '../../../theme/agent-colour.ts';
import { formatCount } from '../../../widgets/format.ts';
import { cutToWidth } from './model/picture.ts';
import {
  BAR_WIDTH,
  BARS,
  columnOf,
  drawSequence,
  HEAD,
  isAside,
  ROW,
  type SequenceDrawing,
  type SequenceRow,
  WORDS,
} from './model/sequence.ts';
import { edgeTitle, LETTERS, namesOf, percent, sentence } from './model/words.ts';
import styles from './sequence-picture.module.css';

type Props = {
  readonly map: BehaviourMap;
  readonly least: number;
  readonly selected: number | null;
  readonly passes: boolean;
  readonly onSelect: (step: number | null) => void;
  readonly svgRef: React.Ref<SVGSVGElement>;
};

export function SequencePicture({ map, least, selected, passes, onSelect, svgRef }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  useImperativeHandle<SVGSVGElement | null, SVGSVGElement | null>(svgRef, () => svg.current, []);
  const drawing = useMemo(() => drawSequence(map, least), [map, least]);
  const nameOf = useMemo(() => namesOf(map), [map]);
  const steps = drawing.rows.flatMap((row) => (row.type === 'step' ? [row] : []));
  const first = steps[0]?.index ?? 0;
  const tabStop = selected !== null && steps.some(({ index }) => index === selected) ? selected : first;

  function keyDown(event: React.KeyboardEvent): void {
    const place = Number((event.target as Element).closest('[data-step]')?.getAttribute('data-step') ?? tabStop);
    const at = steps.findIndex(({ index }) => index === place);
    const target =
      event.key === 'ArrowDown'
        ? at + 1
        : event.key === 'ArrowUp'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? steps.length - 1
              : null;
    if (target !== null) {
      const next = steps[target];
      if (!next) return;
      onSelect(next.index);
      const element = svg.current?.querySelector<SVGGElement>(`[data-step="${next.index}"]`);
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' || event.key === ' ') onSelect(place);
    else if (event.key === 'Escape') onSelect(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const { width, height, columns } = drawing;
  const head = <Head map={map} drawing={drawing} nameOf={nameOf} passes={passes} />;
  return (
    <>
      {/* Stays in sight; the picture below has the same beginning, for when it is exported. */}
      <svg className={styles.sticky} width={width} height={HEAD} aria-hidden>
        <rect width={width} height={HEAD} className={styles.stickyGround} />
        {head}
      </svg>
      <svg
        ref={svg}
        className={styles.svg}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`Folded sequence: ${steps.length} steps. Arrow keys walk it, Enter opens.`}
        data-testid="folded-sequence"
        onKeyDown={keyDown}
        onClick={(event) => {
          const step = (event.target as Element).closest('[data-step]')?.getAttribute('data-step');
          onSelect(step === null || step === undefined ? null : Number(step));
        }}
      >
        <g aria-hidden>
          {columns.map(({ x }) => (
            <line key={x} x1={x} x2={x} y1={HEAD - 6} y2={height - 6} className={styles.life} />
          ))}
          {head}
        </g>
        {drawing.rows.map((row) =>
          row.type === 'others' ? (
            <text key={`others ${row.y}`} x={columns[0]?.x ?? 0} y={row.y + 10} dx={10} className={styles.others}>
              {formatCount(row.count)} other {row.count === 1 ? 'step' : 'steps'}
            </text>
          ) : (
            <g
              key={row.index}
              className={`${styles.row} ${row.index === selected ? (styles.selected ?? '') : ''}`}
              data-step={row.index}
              data-testid={`step:${row.index}`}
              role="button"
              tabIndex={row.index === tabStop ? 0 : -1}
              aria-pressed={row.index === selected}
              aria-label={sentence(edgeTitle(row.step, nameOf), row.step.groups, map.groups, passes)}
            >
              <rect x={2} y={row.y + 1} width={width - 4} height={ROW - 2} rx={5} className={styles.ground} />
              <text x={14} y={row.y + ROW / 2} className={styles.number}>
                {row.index + 1}
              </text>
              {drawing.words && (
                <text x={WORDS.x} y={row.y + ROW / 2} className={styles.aside}>
                  {cutToWidth(nameOf(row.step.from), WORDS.width / 2 - 14, 6.7)} →{' '}
                  {cutToWidth(nameOf(row.step.to), WORDS.width / 2 - 14, 6.7)}
                </text>
              )}
              <Arrow row={row} drawing={drawing} nameOf={nameOf} />
              <Shares step={row.step} y={row.y} passes={passes} />
            </g>
          ),
        )}
      </svg>
    </>
  );
}

type HeadProps = {
  readonly map: BehaviourMap;
  readonly drawing: SequenceDrawing;
  readonly nameOf: (id: string) => string;
  readonly passes: boolean;
};

function Head({ map, drawing: { columns }, nameOf, passes }: HeadProps) {
  const pitch = (columns[1]?.x ?? Infinity) - (columns[0]?.x ?? 0);
  const wide = Math.min(160, pitch - 12);
  return (
    <>
      <text x={BARS} y={18} className={styles.headNote}>
        Share of traces{passes ? ' · passed' : ''}
      </text>
      {columns.map(({ x, ids }) => {
        const [id = ''] = ids;
        const node = ids.length === 1 ? map.nodes.find((one) => one.id === id) : undefined;
        const name = ids.length === 1 ? nameOf(id) : `${formatCount(ids.length)} others`;
        return (
          <g key={x}>
            <rect x={x - wide / 2} y={6} width={wide} height={24} rx={6} className={styles.head} />
            {node?.kind === 'agent' && (
              <rect x={x - wide / 2} y={10} width={3} height={16} rx={1.5} fill={agentColour(node.name).solid} />
            )}
            <text x={x} y={18} className={styles.headName}>
              {cutToWidth(name, wide - 14, 6.9)}
            </text>
          </g>
        );
      })}
    </>
  );
}

type ArrowProps = {
  readonly row: Extract<SequenceRow, { type: 'step' }>;
  readonly drawing: SequenceDrawing;
  readonly nameOf: (id: string) => string;
};

function Arrow({ row: { step, y }, drawing, nameOf }: ArrowProps) {
  const { x: from } = columnOf(drawing, step.from);
  const { x: to, ids } = columnOf(drawing, step.to);
  const middle = y + ROW / 2;
  const most = step.groups.reduce((best, { share }) => Math.max(best, share), 0);
  const thick = 1 + 2.5 * most;
  if (isAside(step) || from === to) {
    const word = nameOf(step.to);
    return (
      <>
        <circle cx={from} cy={middle} r={3.5} className={styles.dot} />
        <line x1={from + 4} x2={from + 16} y1={middle} y2={middle} strokeWidth={thick} className={styles.line} />
        <text x={from + 21} y={middle} className={step.kind === 'tool_call' ? styles.tool : styles.aside}>
          {cutToWidth(word, drawing.width - from - 36, 6.7)}
        </text>
      </>
    );
  }
  const way = to > from ? 1 : -1;
  const tip = to - way * 2;
  const room = Math.abs(to - from) - 24;
  // In the column that several share, the name says who it is.
  const words = ids.length > 1 ? `${KIND_WORDS[step.kind]}: ${nameOf(step.to)}` : KIND_WORDS[step.kind];
  return (
    <>
      <line x1={from} x2={tip - way * 6} y1={middle + 6} y2={middle + 6} strokeWidth={thick} className={styles.line} />
      <path d={`M${tip},${middle + 6}l${-way * 8},-4.5v9Z`} className={styles.tip} />
      <text x={(from + to) / 2} y={middle - 4} className={styles.kind}>
        {cutToWidth(words, room, 6)}
      </text>
    </>
  );
}

const KIND_WORDS: { readonly [K in BehaviourStep['kind']]: string } = {
  handoff: 'handoff',
  agent_call: 'call',
  return: 'return',
  message: 'message',
  tool_call: 'tool call',
  guardrail: 'check',
};

type SharesProps = { readonly step: BehaviourStep; readonly y: number; readonly passes: boolean };

function Shares({ step: { groups }, y, passes }: SharesProps) {
  const x = BARS;
  const several = groups.length > 1;
  return (
    <>
      {groups.map((group, place) => {
        const middle = several ? y + (place === 0 ? 9 : 21) : y + ROW / 2;
        const { share, range, passRate } = group;
        return (
          <g key={place}>
            <rect x={x} y={middle - 4} width={BAR_WIDTH} height={8} rx={2} className={styles.barGround} />
            <rect
              x={x}
              y={middle - 4}
              width={share * BAR_WIDTH}
              height={8}
              rx={2}
              className={several ? (place === 0 ? styles.barA : styles.barB) : styles.bar}
            />
            {[styles.rangeEdge, styles.range].map((line) => (
              <line
                key={line}
                x1={x + range.low * BAR_WIDTH}
                x2={x + range.high * BAR_WIDTH}
                y1={middle}
                y2={middle}
                className={line}
              />
            ))}
            <text x={x + BAR_WIDTH + 8} y={middle} className={styles.figure}>
              {several ? `${LETTERS[place] ?? ''} ` : ''}
              {percent(share)}
              {passes && passRate ? ` · ${passRate.passed}/${passRate.of}` : ''}
            </text>
          </g>
        );
      })}
    </>
  );
}
