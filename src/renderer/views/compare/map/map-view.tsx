/** One map: the picture with its choices, the list of its edges, and the figures of what is selected. */
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { FileOutput } from 'lucide-react';
import type { BehaviourMap } from '#shared/behaviour.ts';
import { edgeKey } from '../../../charts/graph/view-graph.ts';
import type { Place } from '../../../charts/graph/walk.ts';
import { EDGE_WORDS } from '../../../charts/graph/wording.ts';
import type { Command } from '../../../commands/registry.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import type { Chosen } from '../../../state/behaviour-place.ts';
import { go } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { Splitter } from '../../../widgets/splitter.tsx';
import { EmptyState, Spinner } from '../../../widgets/states.tsx';
import { EdgeList } from './edge-list.tsx';
import { type Detail, MapDetail } from './map-detail.tsx';
import { exportGraph, exportSequence, exportTable } from './map-export.ts';
import { MapLegend } from './map-legend.tsx';
import { MapPicture } from './map-picture.tsx';
import { drawnMap, leastAtFirst } from './model/picture.ts';
import { edgeTitle, namesOf, nodeName } from './model/words.ts';
import { SequencePicture } from './sequence-picture.tsx';
import { useMapLayout } from './use-map-layout.ts';
import { usePaneSize } from './use-pane-size.ts';
import styles from './map.module.css';

type Picture = 'graph' | 'sequence';

export function MapView({ map, chosen }: { readonly map: BehaviourMap; readonly chosen: Chosen }) {
  const [picture, setPicture] = useState<Picture>('graph');
  const [place, setPlace] = useState<Place | null>(null);
  // A place in this map: in another one, another step stands there.
  const [stepOf, setStepOf] = useState<{ readonly map: BehaviourMap; readonly step: number } | null>(null);
  const step = stepOf?.map === map ? stepOf.step : null;
  const setStep = (next: number | null): void => setStepOf(next === null ? null : { map, step: next });
  const [wanted, setWanted] = useState<number | null>(null);
  const [tools, setTools] = useState(true);
  const [returns, setReturns] = useState(true);
  const [frame, pane] = usePaneSize();
  const svg = useRef<SVGSVGElement>(null);

  // Split by verdict, the pass rate of a group is what the group is.
  const passes = !chosen.split && map.traces.some(({ passed }) => passed !== null);
  const least = wanted ?? leastAtFirst(map);
  const shownLeast = useDeferredValue(least);
  const drawn = useMemo(
    () => drawnMap(map, { least: shownLeast, tools, returns, passes }),
    [map, shownLeast, tools, returns, passes],
  );
  const placed = useMapLayout(drawn, pane);
  const detail = useMemo(
    () => (picture === 'sequence' && step !== null ? stepDetail(map, step) : placeDetail(map, place)),
    [map, picture, step, place],
  );

  const size = placed?.layout;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'map.picture',
        title: picture === 'graph' ? 'Show the folded sequence' : 'Show the folded graph',
        group: 'Behaviour map',
        keys: 'm',
        run: () => setPicture(picture === 'graph' ? 'sequence' : 'graph'),
      },
      {
        id: 'map.svg',
        title: 'Export the behaviour map (SVG)…',
        group: 'Export',
        run: () => {
          if (svg.current === null) return;
          if (picture === 'sequence') void exportSequence(svg.current);
          else if (size) void exportGraph(svg.current, size);
        },
      },
      {
        id: 'map.csv',
        title: 'Export the figures of the behaviour map (CSV)…',
        group: 'Export',
        run: () => void exportTable(map),
      },
    ],
    [picture, map, size],
  );
  useRegisterCommands(commands);
  const [, toSvg, toCsv] = commands;

  if (map.traces.length === 0) return <Nothing map={map} chosen={chosen} />;

  function selectPlace(next: Place | null): void {
    setPlace(next);
    setStep(null);
  }

  function selectEdge(key: string): void {
    setPicture('graph');
    selectPlace({ type: 'edge', key });
    // Chosen in the list, it is to be seen, however few traces have it.
    const edge = map.edges.find((one) => edgeKey(one) === key);
    const most = edge ? Math.max(...edge.groups.map(({ share }) => share)) : 1;
    if (most < least) setWanted(Math.floor(most * 20) / 20);
    if (edge && (edge.from.startsWith('tool:') || edge.to.startsWith('tool:'))) setTools(true);
    if (edge?.kind === 'return') setReturns(true);
  }

  return (
    <>
      <div className={styles.bar}>
        <Choice
          label="Picture"
          value={picture}
          onChange={setPicture}
          choices={[
            { id: 'graph', label: 'Graph' },
            { id: 'sequence', label: 'Sequence' },
          ]}
        />
        <label className={styles.slider}>
          <span>
            {picture === 'graph' ? 'Edges' : 'Steps'} of at least <b>{Math.round(least * 100)} %</b> of traces
          </span>
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={Math.round(least * 100)}
            onChange={(event) => setWanted(Number(event.target.value) / 100)}
          />
        </label>
        {picture === 'graph' && (
          <>
            <label className={styles.check}>
              <input type="checkbox" checked={tools} onChange={(event) => setTools(event.target.checked)} /> Tools
            </label>
            <label className={styles.check}>
              <input type="checkbox" checked={returns} onChange={(event) => setReturns(event.target.checked)} /> Returns
            </label>
          </>
        )}
        <span className={styles.barEnd}>
          <Button icon={<FileOutput size={13} aria-hidden />} onClick={toSvg?.run}>
            Picture (SVG)…
          </Button>
          <Button icon={<FileOutput size={13} aria-hidden />} onClick={toCsv?.run}>
            Table (CSV)…
          </Button>
        </span>
      </div>
      <MapLegend map={map} drawn={drawn} picture={picture} passes={passes} />
      <div className={styles.body}>
        <Splitter
          id="behaviour-map"
          panels={[
            {
              id: 'picture',
              minSize: 320,
              content:
                picture === 'graph' ? (
                  <div ref={frame} className={styles.frame}>
                    {drawn.nodes.length === 0 ? (
                      map.edges.length === 0 ? (
                        <EmptyState title="No agents or tools">
                          Nobody calls, hands over to or messages anybody in{' '}
                          {map.traces.length === 1 ? 'this trace' : 'these traces'}: there are no ways to fold.
                        </EmptyState>
                      ) : (
                        <EmptyState title="Nothing to draw">
                          No edge is in so many of the traces. Move the slider down, or show tools and returns.
                        </EmptyState>
                      )
                    ) : placed && pane ? (
                      <MapPicture
                        map={map}
                        placed={placed}
                        pane={pane}
                        selected={place}
                        passes={passes}
                        onSelect={selectPlace}
                        svgRef={svg}
                      />
                    ) : (
                      <Spinner label="Laying out" />
                    )}
                  </div>
                ) : (
                  <div className={styles.scroll}>
                    {map.steps.length === 0 ? (
                      <EmptyState title="No common steps">
                        Nothing is passed on in these traces, or nothing that several of them have at the same place.
                      </EmptyState>
                    ) : (
                      <SequencePicture
                        map={map}
                        least={shownLeast}
                        selected={step}
                        passes={passes}
                        onSelect={setStep}
                        svgRef={svg}
                      />
                    )}
                  </div>
                ),
            },
            {
              id: 'side',
              defaultSize: 390,
              minSize: 300,
              content: (
                <div className={styles.side}>
                  <EdgeList
                    map={map}
                    selected={place?.type === 'edge' && picture === 'graph' ? place.key : null}
                    onSelect={selectEdge}
                  />
                  <MapDetail map={map} detail={detail} showsPass={!chosen.split} />
                </div>
              ),
            },
          ]}
        />
      </div>
    </>
  );
}

function Nothing({ map, chosen }: { readonly map: BehaviourMap; readonly chosen: Chosen }) {
  if (map.undecided > 0)
    return (
      <EmptyState title="No trace has a verdict">
        {formatCount(map.undecided)} {map.undecided === 1 ? 'trace was' : 'traces were'} found. Verdicts come with the
        data (a reward, say), from people in Review, or from an eval run.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No trace to map"
      actions={
        <Button variant="primary" onClick={() => go({ view: 'traces' })}>
          Go to Traces
        </Button>
      }
    >
      {map.left > 0
        ? 'All of these traces were deleted.'
        : chosen.kind === 'runs'
          ? 'The items of this eval run came without traces.'
          : 'Nothing in this workspace fits the search.'}
    </EmptyState>
  );
}

function placeDetail(map: BehaviourMap, place: Place | null): Detail | null {
  if (place === null) return null;
  if (place.type === 'node') {
    const node = map.nodes.find(({ id }) => id === place.id);
    if (!node) return null;
    const title = nodeName(node);
    return { key: `node:${node.id}`, title, kind: node.kind, groups: node.groups, traces: node.traces, edge: null };
  }
  const edge = map.edges.find((one) => edgeKey(one) === place.key);
  if (!edge) return null;
  const nameOf = namesOf(map);
  const title = `${nameOf(edge.from)} → ${nameOf(edge.to)}`;
  return { key: place.key, title, kind: EDGE_WORDS[edge.kind], groups: edge.groups, traces: edge.traces, edge };
}

function stepDetail(map: BehaviourMap, index: number): Detail | null {
  const step = map.steps[index];
  if (!step) return null;
  const { groups, traces } = step;
  return {
    key: `step:${index}`,
    title: `Step ${index + 1}: ${edgeTitle(step, namesOf(map))}`,
    kind: 'at this place of the folded sequence',
    groups,
    traces,
    edge: null,
  };
}
