import { useMemo, useState } from 'react';
import { FileOutput } from 'lucide-react';
import { attempt } from '#shared/rpc/client.ts';
import type { CategoryCount, Overview, OverviewArgs, OverviewPick, Period } from '#shared/overview.ts';
import { PERIODS } from '#shared/overview.ts';
import { fieldTerm } from '#shared/query.ts';
import type { Command } from '../../commands/registry.ts';
import { useRegisterCommands } from '../../commands/registry.ts';
import { bridge } from '../../data/bridge.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { Button } from '../../widgets/button.tsx';
import { Choice } from '../../widgets/choice.tsx';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { Bars, type Bar } from './bars.tsx';
import type { Picked } from './behind.tsx';
import { HeatMap } from './heat-map.tsx';
import styles from './insights.module.css';
import { Nothing, Summary } from './overview-summary.tsx';
import { barWords, count, shareWords } from './words.ts';

type Props = {
  readonly query: string;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked | null) => void;
};

type Shape = 'picture' | 'table';

/** More columns than this are thinner than a finger. */
const MOST_STEPS = 60;

export function OverviewTab({ query, picked, onPick }: Props) {
  const [taxonomy, setTaxonomy] = useState<string | null>(null);
  const [by, setBy] = useState<Period | 'auto'>('auto');
  const [shape, setShape] = useState<Shape>('picture');
  const args = useMemo<OverviewArgs>(
    () => ({
      ...(query === '' ? {} : { query }),
      ...(taxonomy === null ? {} : { taxonomy }),
      ...(by === 'auto' ? {} : { by }),
    }),
    [query, taxonomy, by],
  );
  const { data, error, refetch } = useEngine('overview.get', args, { keepPrevious: true });
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'insights.picture',
        title: 'Export the picture of failures (SVG)…',
        group: 'Export',
        run: () => void save(args, 'svg'),
      },
      {
        id: 'insights.table',
        title: 'Export the counts of failures (CSV)…',
        group: 'Export',
        run: () => void save(args, 'csv'),
      },
    ],
    [args],
  );
  useRegisterCommands(commands);

  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Spinner label="Counting" />;
  if (data.annotations === 0) return <Nothing query={query} traces={data.traceCount} />;
  const sets = data.taxonomies.filter(({ id }) => id !== null);
  return (
    <div className={styles.page}>
      <div className={styles.controls}>
        {(sets.length > 1 || taxonomy !== null) && (
          <label className={styles.control}>
            Taxonomy
            <select
              className={styles.input}
              value={taxonomy ?? ''}
              onChange={(event) => {
                onPick(null);
                setTaxonomy(event.target.value === '' ? null : event.target.value);
              }}
            >
              <option value="">All</option>
              {sets.map(({ id, title }) => (
                <option key={id} value={id ?? ''}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        )}
        <div>
          <Choice<Shape>
            label="Show as"
            choices={[
              { id: 'picture', label: 'Picture' },
              { id: 'table', label: 'Tables' },
            ]}
            value={shape}
            onChange={setShape}
          />
        </div>
        <span className={styles.spacer} />
        <Button icon={<FileOutput size={13} aria-hidden />} onClick={() => void save(args, 'svg')}>
          Picture (SVG)…
        </Button>
        <Button icon={<FileOutput size={13} aria-hidden />} onClick={() => void save(args, 'csv')}>
          Table (CSV)…
        </Button>
      </div>
      <Summary found={data} args={args} onPick={onPick} />
      {data.failures.labels > 0 && (
        <Pictures
          found={data}
          args={args}
          by={by}
          onBy={setBy}
          table={shape === 'table'}
          picked={picked}
          onPick={onPick}
        />
      )}
    </div>
  );
}

type PicturesProps = {
  readonly found: Overview;
  readonly args: OverviewArgs;
  readonly by: Period | 'auto';
  readonly onBy: (by: Period | 'auto') => void;
  readonly table: boolean;
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
};

function Pictures({ found, args, by, onBy, table, picked, onPick }: PicturesProps) {
  const [exact, setExact] = useState<'tenths' | 'steps'>('tenths');
  const shared = { table, picked, onPick };
  const bar = (
    key: string,
    name: string,
    labels: number,
    note: string,
    pick: OverviewPick,
    query: string | null = null,
  ): Bar => ({
    name,
    labels,
    note,
    picked: { key, title: name, pick, args, query },
  });
  const time = [
    ...found.time.map((each) => bar(`from ${each.from}`, each.from, each.labels, barWords(each), { from: each.from })),
    ...(found.untimed.labels > 0
      ? [bar('untimed', 'Without a time', found.untimed.labels, barWords(found.untimed), { untimed: true })]
      : []),
  ];
  return (
    <>
      {found.categories.length > 0 && (
        <Bars
          title="Which failures"
          explain="Labels by category. Aliases count together; a spelling that no category claims counts as itself."
          heads={['Category', 'Labels', 'Traces']}
          bars={found.categories.map((each) => ({
            ...bar(
              `category ${each.taxonomy} ${each.code}`,
              categoryName(each),
              each.labels,
              barWords(each),
              { category: { taxonomy: each.taxonomy, code: each.code } },
              fieldTerm('label', each.code),
            ),
          }))}
          {...shared}
        />
      )}
      <Bars
        title="In which agents"
        explain="Labels that blame the agent (full), and other labels on steps in which it acts (pale)."
        heads={['Agent', 'Labels', 'Blamed and acting']}
        bars={found.agents.map((each) => ({
          ...bar(`agent ${each.agent}`, each.agent, each.labels, agentWords(each), { agent: each.agent }),
          strong: each.blamed,
          mark: <span className={styles.dot} style={{ background: agentColour(each.agent).solid }} aria-hidden />,
        }))}
        {...shared}
      />
      <Bars
        title="At which step"
        explain={`Where in the trace the marked span stands, ${exact === 'tenths' ? 'in tenths of the trace' : 'counted from 0'}.${found.unplaced > 0 ? ` ${count(found.unplaced, 'label')} mark no step that is here.` : ''}`}
        heads={['Place', 'Labels', 'Traces']}
        columns
        bars={
          exact === 'tenths'
            ? found.deciles.map(({ labels, traces }, decile) =>
                bar(
                  `tenth ${decile}`,
                  `${decile * 10}–${decile * 10 + 10} %`,
                  labels,
                  `${count(labels, 'label')} in ${count(traces, 'trace')}`,
                  { decile },
                ),
              )
            : found.steps
                .slice(0, MOST_STEPS)
                .map(({ step, labels, traces }) =>
                  bar(
                    `step ${step}`,
                    `Step ${step}`,
                    labels,
                    `${count(labels, 'label')} in ${count(traces, 'trace')}`,
                    { step },
                  ),
                )
        }
        controls={
          <Choice
            label="Steps"
            choices={[
              { id: 'tenths', label: 'Tenths' },
              { id: 'steps', label: 'Steps' },
            ]}
            value={exact}
            onChange={setExact}
          />
        }
        {...shared}
      />
      {found.categories.length > 0 && <HeatMap found={found} args={args} picked={picked} onPick={onPick} />}
      <Bars
        title="Over time"
        explain={`By the start of the trace, UTC, each ${found.period}.`}
        heads={['From', 'Labels', 'Traces']}
        columns={time.length > 4}
        bars={time}
        controls={
          <Choice
            label="Period"
            choices={[{ id: 'auto', label: 'Fitting' }, ...PERIODS.map((id) => ({ id, label: PERIOD_WORDS[id] }))]}
            value={by}
            onChange={onBy}
          />
        }
        {...shared}
      />
      <Bars
        title="In which workflow"
        explain="Labels by the workflow of the trace."
        heads={['Workflow', 'Labels', 'Traces']}
        bars={found.workflows.map((each) =>
          bar(
            `workflow ${each.workflow}`,
            each.workflow ?? 'No workflow',
            each.labels,
            barWords(each),
            { workflow: each.workflow },
            each.workflow === null ? null : fieldTerm('workflow', each.workflow),
          ),
        )}
        {...shared}
      />
    </>
  );
}

const PERIOD_WORDS: { readonly [P in Period]: string } = { day: 'Days', week: 'Weeks', month: 'Months' };

function categoryName({ title, known, taxonomy }: CategoryCount): string {
  return known || taxonomy === null ? title : `${title} (not in the taxonomy)`;
}

function agentWords({ blamed, acted, elsewhere, traces }: Overview['agents'][number]): string {
  const parts = [`blamed ${blamed}`, `acting ${acted}`];
  if (elsewhere > 0) parts.push(`${elsewhere} for another’s step`);
  return `${parts.join(', ')}; ${shareWords(traces)}`;
}

async function save(args: OverviewArgs, format: 'svg' | 'csv'): Promise<void> {
  const path = await bridge.chooseSavePath(`failures.${format}`);
  if (path === null) return;
  const saved = await attempt(engine.call('overview.export', { ...args, path, format }));
  if (!saved.ok) {
    notifyError('Export failed', saved.error);
    return;
  }
  notify({
    tone: 'ok',
    title: format === 'svg' ? 'Picture exported' : 'Table exported',
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
}
