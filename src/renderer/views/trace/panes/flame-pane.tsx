/** Where time, tokens and money went: the spans in order of time, or folded by their path of names, the heaviest first. */
import { useMemo, useState } from 'react';
import { Flame as FlameIcon } from 'lucide-react';
import { SPAN_KINDS } from '#shared/record.ts';
import { formatDuration } from '#shared/time.ts';
import { WEIGHTS, type Weight } from '../../../charts/flame/left-heavy.ts';
import { agentColour } from '../../../theme/agent-colour.ts';
import { KIND_LABELS } from '../../../theme/kind-icon.tsx';
import { Button } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { SpanTable, TimeRange } from '../model/span-table.ts';
import { useSubtree } from '../model/subtree.ts';
import { clamp, isFull } from '../model/time-axis.ts';
import { FlamePicture } from './flame/flame-picture.tsx';
import { FlameText } from './flame/flame-text.tsx';
import { kindColour, type ColourBy } from './flame/flame-paint.ts';
import { foldedNote, WEIGHT_LABELS } from './flame/flame-words.ts';
import { NameTable } from './flame/name-table.tsx';
import { foldedScene, foldPaths, timeScene } from './flame/scene.ts';
import { useFound } from './use-found.ts';
import { useTraceTable } from './use-trace-table.ts';
import styles from './flame/flame.module.css';

type Mode = 'time' | 'heavy' | 'table';

const MODES = [
  { id: 'time', label: 'Time order' },
  { id: 'heavy', label: 'Left heavy' },
  { id: 'table', label: 'Table' },
] as const;
const COLOURS = [
  { id: 'agent', label: 'By agent' },
  { id: 'kind', label: 'By kind' },
] as const;
const MOST_LEGEND = 10;

export function FlamePane({ traceId }: { traceId: string }) {
  const { open, error, refetch } = useTraceTable(traceId);
  if (open) return <Flame key={traceId} traceId={traceId} table={open.table} />;
  return <div className={styles.middle}>{error ? <ErrorState error={error} onRetry={refetch} /> : <Spinner />}</div>;
}

function Flame({ traceId, table }: { readonly traceId: string; readonly table: SpanTable }) {
  const { columns } = table;
  const timed = table.times().timed;
  const weights = useMemo(() => knownWeights(table), [table]);
  const [mode, setMode] = useState<Mode>('time');
  const [colourBy, setColourBy] = useState<ColourBy>('agent');
  const [wanted, setWanted] = useState<Weight>('time');
  const [chosen, setChosen] = useState<{ readonly key: string; readonly range: TimeRange } | null>(null);
  const subtree = useSubtree(columns);
  const found = useFound(traceId, table);
  const weight = weights.includes(wanted) ? wanted : 'calls';

  const folded = mode !== 'time';
  const merged = useMemo(() => (folded ? foldPaths(table, subtree) : null), [folded, table, subtree]);
  const scene = useMemo(
    () => (merged ? foldedScene(table, merged, weight) : timeScene(table, subtree)),
    [table, merged, weight, subtree],
  );
  const { domain } = scene.boxes;
  // A part of one picture is no part of another.
  const key = `${folded ? weight : 'time'} ${subtree?.from ?? -1}`;
  const whole = useMemo(() => (subtree && !folded ? extentOf(scene.boxes) : domain), [subtree, folded, scene, domain]);
  const range = chosen?.key === key && !isFull(chosen.range, domain) ? clamp(chosen.range, domain) : whole;

  const startless = useMemo(
    () => (timed ? columns.start.reduce((sum, start) => sum + (Number.isNaN(start) ? 1 : 0), 0) : 0),
    [timed, columns],
  );

  if (columns.count === 0) {
    return (
      <div className={styles.middle}>
        <EmptyState title="No spans to draw" icon={<FlameIcon size={22} aria-hidden />}>
          No span of this trace was received.
        </EmptyState>
      </div>
    );
  }
  const spans = subtree ? subtree.to - subtree.from : columns.count;
  const times = table.times();
  const wall = subtree
    ? (times.end[subtree.from] ?? 0) - (times.start[subtree.from] ?? 0)
    : times.domain.end - times.domain.start;
  const note = scene.folded
    ? foldedNote(scene.folded, wall, spans)
    : timed
      ? `${formatCount(spans)} ${spans === 1 ? 'span' : 'spans'} in ${formatDuration(wall)}.`
      : 'No span has a time: places are steps in the order of the tree.';
  return (
    <section className={styles.pane} aria-label="Flame">
      <div className={styles.toolbar} role="toolbar" aria-label="Flame">
        <Choice label="Order" choices={MODES} value={mode} onChange={setMode} />
        {folded && (
          <Choice
            label="Weight"
            choices={weights.map((id) => ({ id, label: WEIGHT_LABELS[id] }))}
            value={weight}
            onChange={setWanted}
          />
        )}
        {mode !== 'table' && <Choice label="Colours" choices={COLOURS} value={colourBy} onChange={setColourBy} />}
        <span className={styles.fill} />
        {mode !== 'table' && (range.from > whole.from || range.to < whole.to) && (
          <Button variant="ghost" onClick={() => setChosen(null)}>
            Whole {subtree ? 'subtree' : 'trace'}
          </Button>
        )}
      </div>
      {!folded && startless > 0 && (
        <p className={styles.doubts}>
          {formatCount(startless)} {startless === 1 ? 'span' : 'spans'} without a start: drawn where the parent begins.
        </p>
      )}
      {(folded || !timed) && <p className={timed ? styles.note : styles.doubts}>{note}</p>}
      {scene.folded && scene.folded.weighed.sum === 0 ? (
        <div className={styles.middle}>
          <EmptyState title="Nothing to weigh" icon={<FlameIcon size={22} aria-hidden />}>
            No span here states {weight === 'tokens' ? 'any tokens' : weight === 'cost' ? 'a cost' : 'how long it took'}
            .
          </EmptyState>
        </div>
      ) : mode === 'table' && scene.folded ? (
        <NameTable scene={scene} folded={scene.folded} />
      ) : (
        <>
          <FlamePicture
            // Where one picture was scrolled to says nothing about another.
            key={key}
            scene={scene}
            colourBy={colourBy}
            range={range}
            onRange={(next) => setChosen({ key, range: next })}
            found={found}
          />
          <Legend table={table} by={colourBy} />
        </>
      )}
      <FlameText scene={scene} note={note} />
    </section>
  );
}

function extentOf({ from, to, count, domain }: ReturnType<typeof timeScene>['boxes']): TimeRange {
  let first = Infinity;
  let last = -Infinity;
  for (let box = 0; box < count; box++) {
    first = Math.min(first, from[box] ?? first);
    last = Math.max(last, to[box] ?? last);
  }
  return last > first ? { from: first, to: last } : domain;
}

/** Weights of which the trace says anything. */
function knownWeights({ columns, times }: SpanTable): readonly Weight[] {
  const some = (list: Float64Array): boolean => list.some((value) => value > 0);
  return WEIGHTS.filter((weight) => {
    if (weight === 'time') return times().timed;
    if (weight === 'tokens') return some(columns.inputTokens) || some(columns.outputTokens);
    return weight === 'cost' ? some(columns.cost) : true;
  });
}

function Legend({ table, by }: { readonly table: SpanTable; readonly by: ColourBy }) {
  const { columns } = table;
  const entries = useMemo(() => {
    if (by === 'kind')
      return SPAN_KINDS.filter((_, code) => columns.kind.includes(code)).map((kind) => ({
        name: KIND_LABELS[kind],
        colour: kindColour(kind),
      }));
    return [...new Set(columns.agent)].map((code) => {
      const name = columns.strings[code] ?? '';
      return { name: name === '' ? 'No agent' : visibleString(name.slice(0, 60)), colour: agentColour(name).solid };
    });
  }, [columns, by]);
  return (
    <ul className={styles.legend} aria-label="Legend">
      {entries.slice(0, MOST_LEGEND).map(({ name, colour }, index) => (
        <li key={index}>
          <span className={styles.dot} style={{ background: colour }} aria-hidden />
          <span className={styles.legendName}>{name}</span>
        </li>
      ))}
      {entries.length > MOST_LEGEND && <li>and {formatCount(entries.length - MOST_LEGEND)} more</li>}
      <li>
        <span className={styles.failSign} aria-hidden />
        Failed
      </li>
    </ul>
  );
}
