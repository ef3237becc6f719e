/** Two aligned sides: the list of steps, the chosen step, what became different, both graphs, and playback. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { X } from 'lucide-react';
import type { AlignedTraces, StepOp } from '#shared/alignment.ts';
import { saveTable } from '../../../charts/save-picture.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { tellAgentsApart } from '../../../theme/agent-colour.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { Splitter } from '../../../widgets/splitter.tsx';
import { tabPanelProps, Tabs } from '../../../widgets/tabs.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { EmptyState } from '../../../widgets/states.tsx';
import { DownstreamList } from './downstream-list.tsx';
import { MergedPane } from './merged-pane.tsx';
import { buildItems, nextDifference, runStart } from './model/items.ts';
import { edgeSentence, type MergedEdge } from './model/merged-view.ts';
import type { Side } from './model/sides.ts';
import { opOf, stepsTable, stepsText } from './model/words.ts';
import { PairHead } from './pair-head.tsx';
import { StepDetail } from './step-detail.tsx';
import { StepGrid } from './step-grid.tsx';
import { StepPlayer } from './step-player.tsx';
import styles from './traces.module.css';

type Props = {
  readonly aligned: AlignedTraces;
  readonly a: Side;
  readonly b: Side;
  readonly onSwap: (() => void) | null;
  readonly onChange: (side: 'a' | 'b') => void;
  /** The way to what is expected, or back from it. */
  readonly expected: { readonly label: string; readonly onPress: () => void } | null;
};

type SideTab = 'told' | 'graphs';

export function AlignedView({ aligned, a, b, onSwap, onChange, expected }: Props) {
  const [step, setStep] = useState<number | null>(aligned.firstDivergence >= 0 ? aligned.firstDivergence : null);
  const [ops, setOps] = useState<ReadonlySet<StepOp> | null>(null);
  const [toolsOnly, setToolsOnly] = useState(false);
  const [edge, setEdge] = useState<MergedEdge | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [detail, setDetail] = useState(true);
  const [tab, setTab] = useState<SideTab>('told');
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(2);

  // Before anything is drawn in a colour.
  useMemo(() => tellAgentsApart([...new Set([...(a.trace?.agents ?? []), ...(b.trace?.agents ?? [])])]), [a, b]);

  const only = useMemo(() => chosenSteps(aligned, a, b, toolsOnly, edge), [aligned, a, b, toolsOnly, edge]);
  const items = useMemo(() => buildItems(aligned, { ops, only, opened }), [aligned, ops, only, opened]);

  /** A step that is folded away is opened; one that a filter hides makes the filter go. */
  const goTo = useCallback(
    (to: number) => {
      setStep(to);
      setDetail(true);
      setEdge((now) => (now !== null && only?.has(to) === false ? null : now));
      if (only?.has(to) === false) setToolsOnly(false);
      setOps((now) => (now !== null && !holds(now, aligned, to) ? null : now));
      setOpened((now) => new Set([...now, runStart(aligned.op, to)]));
    },
    [aligned, only],
  );
  const choose = useCallback((to: number) => {
    setStep(to);
    setDetail(true);
  }, []);
  const play = useCallback((to: number) => setStep(to), []);

  const latest = useRef({ step, goTo, play, total: aligned.op.length, onSwap });
  useEffect(() => {
    latest.current = { step, goTo, play, total: aligned.op.length, onSwap };
  });
  const commands = useMemo(() => commandsOf(aligned, () => latest.current, setPlaying), [aligned]);
  useRegisterCommands(commands);

  /** With those that are folded away. */
  const listed = (): number[] =>
    items.flatMap((item) =>
      item.type === 'step' ? [item.step] : Array.from({ length: item.to - item.from }, (_, k) => item.from + k),
    );
  const spanOf = (side: Side, rows: Int32Array): string | null => {
    const row = step === null ? -1 : (rows[step] ?? -1);
    return row < 0 ? null : side.at(row).spanId;
  };
  const graphs = a.address !== null && b.address !== null ? { a: a.address, b: b.address } : null;
  const edgeNames = (id: string): string => id.replace(/^[a-z]+:/, '');

  const list = (
    <div className={styles.listPane}>
      {edge !== null && (
        <p className={styles.only}>
          <span className={styles.cut}>Steps of: {visibleString(edgeSentence(edge, edgeNames).slice(0, 300))}</span>
          <IconButton label="Show all steps" icon={<X size={13} aria-hidden />} onClick={() => setEdge(null)} />
        </p>
      )}
      {items.length === 0 ? (
        aligned.op.length === 0 ? (
          <EmptyState title="No steps">Nothing was recorded in either of the two.</EmptyState>
        ) : (
          <EmptyState title="No such steps">Choose other kinds of steps above.</EmptyState>
        )
      ) : (
        <StepGrid
          aligned={aligned}
          a={a}
          b={b}
          items={items}
          step={step}
          onStep={choose}
          onOpenFold={(from) => setOpened(new Set([...opened, runStart(aligned.op, from)]))}
        />
      )}
      <StepPlayer
        step={step}
        total={aligned.op.length}
        playing={playing}
        speed={speed}
        onPlaying={setPlaying}
        onSpeed={setSpeed}
        onStep={goTo}
      />
    </div>
  );
  const side = (
    <div className={styles.sidePane}>
      <Tabs
        idBase="aligned"
        label="Beside the steps"
        tabs={[
          { id: 'told', label: 'What became different', badge: aligned.downstream.length || undefined },
          ...(graphs ? [{ id: 'graphs', label: 'Both graphs' } as const] : []),
        ]}
        value={tab}
        onChange={setTab}
      />
      <div className={styles.sideBody} {...tabPanelProps('aligned', tab)}>
        {tab === 'graphs' && graphs ? (
          <MergedPane
            {...graphs}
            chosen={edge?.key ?? null}
            spanA={spanOf(a, aligned.a)}
            spanB={spanOf(b, aligned.b)}
            onEdge={(next) => {
              setEdge(next);
              const [first] = next === null ? [] : (chosenSteps(aligned, a, b, toolsOnly, next) ?? []);
              if (first !== undefined) setStep(first);
            }}
          />
        ) : (
          <DownstreamList aligned={aligned} onStep={goTo} />
        )}
      </div>
    </div>
  );
  const shownDetail = step !== null && detail && !playing;
  return (
    <div className={styles.pair}>
      <PairHead
        aligned={aligned}
        a={a}
        b={b}
        ops={ops}
        onOps={setOps}
        toolsOnly={toolsOnly}
        onToolsOnly={setToolsOnly}
        onSwap={onSwap}
        onChange={onChange}
        expected={expected}
        onFirst={() => goTo(aligned.firstDivergence)}
        copy={() => stepsText(aligned, listed(), a, b)}
        onTable={() => void saveTable(stepsTable(aligned, listed(), a, b), 'aligned-steps')}
      />
      <div
        className={styles.pairBody}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.defaultPrevented || !shownDetail) return;
          event.preventDefault();
          setDetail(false);
        }}
      >
        <Splitter
          id="compare-traces"
          panels={[
            {
              id: 'steps',
              minSize: 360,
              content: (
                <Splitter
                  id="compare-traces-step"
                  direction="vertical"
                  panels={[
                    { id: 'aligned steps', content: list, minSize: 140 },
                    ...(shownDetail
                      ? [
                          {
                            id: 'step',
                            defaultSize: '44%',
                            minSize: 90,
                            content: (
                              <StepDetail
                                key={step}
                                aligned={aligned}
                                step={step}
                                a={a}
                                b={b}
                                onClose={() => setDetail(false)}
                              />
                            ),
                          },
                        ]
                      : []),
                  ]}
                />
              ),
            },
            { id: 'beside', defaultSize: '34%', minSize: 220, collapsible: true, content: side },
          ]}
        />
      </div>
    </div>
  );
}

function holds(ops: ReadonlySet<StepOp>, aligned: AlignedTraces, step: number): boolean {
  return ops.has(opOf(aligned, step));
}

/** Null = all. */
function chosenSteps(
  aligned: AlignedTraces,
  a: Side,
  b: Side,
  toolsOnly: boolean,
  edge: MergedEdge | null,
): ReadonlySet<number> | null {
  if (!toolsOnly && edge === null) return null;
  const rows = (side: Side, ids: readonly string[] | undefined): ReadonlySet<number> =>
    new Set((ids ?? []).map((id) => side.rowOf(id)));
  const [inA, inB] = [rows(a, edge?.spansA), rows(b, edge?.spansB)];
  const steps = new Set<number>();
  for (let step = 0; step < aligned.op.length; step++) {
    const [rowA, rowB] = [aligned.a[step] ?? -1, aligned.b[step] ?? -1];
    const kind = rowB >= 0 ? b.at(rowB).kind : a.at(rowA).kind;
    if (toolsOnly && kind !== 'tool' && kind !== 'retrieval') continue;
    if (edge !== null && !(rowA >= 0 && inA.has(rowA)) && !(rowB >= 0 && inB.has(rowB))) continue;
    steps.add(step);
  }
  return steps;
}

type Now = {
  readonly step: number | null;
  readonly total: number;
  readonly goTo: (step: number) => void;
  readonly onSwap: (() => void) | null;
};

function commandsOf(
  aligned: AlignedTraces,
  now: () => Now,
  setPlaying: (change: (playing: boolean) => boolean) => void,
): readonly Command[] {
  const group = 'Compare traces';
  const difference = (direction: 1 | -1): void => {
    const { step, goTo, total } = now();
    const found = nextDifference(aligned.op, step ?? (direction === 1 ? -1 : total), direction);
    if (found !== null) goTo(found);
  };
  const by = (count: 1 | -1): void => {
    const { step, goTo, total } = now();
    const next = (step ?? -1) + count;
    if (next >= 0 && next < total) goTo(next);
  };
  return [
    { id: 'compare.next', title: 'Next difference', group, keys: 'n', menu: 'Go', run: () => difference(1) },
    { id: 'compare.previous', title: 'Previous difference', group, keys: 'p', menu: 'Go', run: () => difference(-1) },
    {
      id: 'compare.first',
      title: 'First divergence',
      group,
      keys: 'f',
      menu: 'Go',
      when: () => aligned.firstDivergence >= 0,
      run: () => now().goTo(aligned.firstDivergence),
    },
    { id: 'compare.play', title: 'Play both, step by step', group, keys: 'space', run: () => setPlaying((is) => !is) },
    { id: 'compare.step', title: 'Next step', group, keys: 'e', run: () => by(1) },
    { id: 'compare.back', title: 'Previous step', group, keys: 'shift+e', run: () => by(-1) },
    {
      id: 'compare.swap',
      title: 'Swap A and B',
      group,
      keys: 'x',
      when: () => now().onSwap !== null,
      run: () => now().onSwap?.(),
    },
  ];
}
