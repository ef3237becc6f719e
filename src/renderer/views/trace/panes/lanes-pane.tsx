/** A lane per agent over time: who worked, who waited for whom, the critical path; and the table of agents under it. */
import { useMemo, useState } from 'react';
import { Rows3 } from 'lucide-react';
import type { TraceLanes, TraceWaste } from '#shared/lanes.ts';
import { formatDuration } from '#shared/time.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCompact, formatCost, formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { clamp, isFull } from '../model/time-axis.ts';
import type { TimeRange } from '../model/span-table.ts';
import { AgentTable } from './lanes/agent-table.tsx';
import { laneAxis } from './lanes/lane-axis.ts';
import { laneModel } from './lanes/lane-model.ts';
import { annotateRange } from './lanes/lane-notes.tsx';
import { LanesPicture } from './lanes/lanes-picture.tsx';
import { LanesText } from './lanes/lanes-text.tsx';
import styles from './lanes/lanes-pane.module.css';

/** Spans; up to here, what was for nothing is looked for unasked. */
const WASTE_UNASKED = 20_000;

export function LanesPane({ traceId }: { traceId: string }) {
  const query = useEngine('trace.lanes', { traceId }, { keepPrevious: true });
  if (query.data) return <Lanes key={traceId} traceId={traceId} data={query.data} />;
  return (
    <div className={styles.middle}>
      {query.error ? <ErrorState error={query.error} onRetry={query.refetch} /> : <Spinner label="Reading the lanes" />}
    </div>
  );
}

function Lanes({ traceId, data }: { readonly traceId: string; readonly data: TraceLanes }) {
  const columns = useEngine('trace.open', { traceId }).data?.columns ?? null;
  const agents = useEngine('trace.agents', { traceId }, { keepPrevious: true }).data ?? null;
  // Reads every content of the trace: of a large one, only when somebody asks.
  const [wasteAsked, askWaste] = useState(data.ids.length <= WASTE_UNASKED);
  const wasteQuery = useEngine('trace.waste', { traceId }, { enabled: wasteAsked, keepPrevious: true });
  const waste = wasteQuery.data ?? null;
  const [squeeze, setSqueeze] = useState(true);
  const [onlyPath, setOnlyPath] = useState(false);
  const [chosen, setChosen] = useState<TimeRange | null>(null);
  const [marking, setMarking] = useState(false);
  const axis = useMemo(() => laneAxis(data, squeeze), [data, squeeze]);
  const canSqueeze = useMemo(() => squeeze || laneAxis(data, true).gaps.length > 0, [data, squeeze]);
  const model = useMemo(() => laneModel(data, axis), [data, axis]);
  const range = chosen && !isFull(chosen, axis.domain) ? clamp(chosen, axis.domain) : axis.domain;

  if (model.shown.length === 0) {
    return (
      <div className={styles.middle}>
        <EmptyState title="No lanes in this trace" icon={<Rows3 size={22} aria-hidden />}>
          No span names an agent, calls a model or a tool. The tree shows every span that was received.
        </EmptyState>
      </div>
    );
  }
  const doubts = doubtsOf(data);
  return (
    <section className={styles.pane} aria-label="Lanes">
      <div className={styles.bar} role="toolbar" aria-label="Lanes">
        {data.critical && data.critical.count > 0 && (
          <Toggle
            on={onlyPath}
            onChange={setOnlyPath}
            label="Critical path only"
            hint="Show only what the trace's duration consists of"
          />
        )}
        {canSqueeze && (axis.gaps.length > 0 || !squeeze) && (
          <Toggle
            on={squeeze}
            onChange={(on) => {
              setSqueeze(on);
              setChosen(null);
            }}
            label="Squeeze idle time"
            hint="Draw stretches in which nobody worked narrower than they were"
          />
        )}
        {waste && waste.count > 0 && <Waste waste={waste} />}
        {!waste && (!wasteAsked || wasteQuery.loading) && (
          <Button variant="ghost" disabled={wasteAsked} onClick={() => askWaste(true)}>
            {wasteAsked ? 'Looking for waste…' : 'Look for waste'}
          </Button>
        )}
        {waste && waste.count === 0 && data.ids.length > WASTE_UNASKED && <span>No waste found</span>}
        <span className={styles.fill} />
        {data.timed && (
          <Toggle
            on={marking}
            onChange={setMarking}
            label="Mark a stretch"
            hint="A drag over the lanes annotates that stretch of time; so does a drag with Shift"
          />
        )}
        {data.timed && range !== axis.domain && (
          <Button variant="ghost" onClick={() => annotateRange(axis, range)}>
            Annotate what is shown
          </Button>
        )}
        {range !== axis.domain && (
          <Button variant="ghost" onClick={() => setChosen(null)}>
            Whole trace
          </Button>
        )}
      </div>
      {doubts.length > 0 && <p className={styles.doubts}>{doubts.join(' ')}</p>}
      <LanesPicture
        model={model}
        columns={columns}
        onlyPath={onlyPath}
        range={range}
        onRange={setChosen}
        marking={marking}
      />
      <Legend />
      {agents && <AgentTable table={agents} />}
      <LanesText data={data} agents={agents} />
    </section>
  );
}

/** What was for nothing, in one line; a click goes through the spans, the most expensive first. */
function Waste({ waste }: { readonly waste: TraceWaste }) {
  const spanId = useSelection((state) => state.spanId);
  const at = waste.items.findIndex((item) => item.spanId === spanId);
  const current = waste.items[at];
  const spent = [
    waste.tokens.input + waste.tokens.output > 0
      ? `${formatCompact(waste.tokens.input + waste.tokens.output)} tokens`
      : null,
    waste.cost ? formatCost(waste.cost) : null,
    waste.ns > 0 ? formatDuration(waste.ns) : null,
  ].filter(Boolean);
  const title =
    'Failed, repeated and unread calls. Click to go to the next one.' +
    (waste.judgedReading ? '' : ' Inputs never say a result of a tool again, so that nothing is called unread.');
  return (
    <button
      type="button"
      className={styles.waste}
      title={title}
      onClick={() => useSelection.getState().selectSpan(waste.items[(at + 1) % waste.items.length]?.spanId ?? null)}
    >
      {current
        ? `For nothing, ${at + 1} of ${formatCount(waste.items.length)}: ${current.reason}`
        : `For nothing: ${formatCount(waste.count)} ${waste.count === 1 ? 'call' : 'calls'}${spent.length > 0 ? `, ${spent.join(', ')}` : ''}`}
    </button>
  );
}

function doubtsOf(data: TraceLanes): string[] {
  if (!data.timed) return ['No span has a time: places are steps in the order of the tree.'];
  const spans = (count: number): string => `${formatCount(count)} ${count === 1 ? 'span' : 'spans'}`;
  return [
    data.untimed > 0 ? `${spans(data.untimed)} without a start ${data.untimed === 1 ? 'is' : 'are'} in no lane.` : '',
    data.skewed > 0 ? `The clocks of ${spans(data.skewed)} disagree with the rest.` : '',
    data.omitted > 0 ? `${formatCount(data.omitted)} of the shortest pieces are left out.` : '',
  ].filter(Boolean);
}

function Legend() {
  return (
    <ul className={styles.legend} aria-label="Legend">
      {(['Generation', 'Tool', 'Waiting', 'Other', 'Critical path'] as const).map((name) => (
        <li key={name}>
          <span className={styles.sign} data-sign={name} aria-hidden />
          {name}
        </li>
      ))}
    </ul>
  );
}

type ToggleProps = {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly label: string;
  readonly hint: string;
};

function Toggle({ on, onChange, label, hint }: ToggleProps) {
  return (
    <button type="button" className={styles.toggle} aria-pressed={on} title={hint} onClick={() => onChange(!on)}>
      {label}
    </button>
  );
}
