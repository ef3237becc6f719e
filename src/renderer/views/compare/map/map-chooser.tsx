/** What is mapped: a search or two, one eval run or two, or traces that were selected; together, or passed against failed. */
import { useEffect, useState } from 'react';
import { Plus, X } from 'lucide-react';
import type { EvalRunRow } from '#shared/eval.ts';
import { parseQuery } from '#shared/query.ts';
import { displayName } from '../../../charts/graph/wording.ts';
import type { Chosen } from '../../../state/behaviour-place.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { Choice } from '../../../widgets/choice.tsx';
import { formatCount } from '../../../widgets/format.ts';
import styles from './map.module.css';

const PAUSE = 350;

type Props = {
  readonly chosen: Chosen | null;
  readonly runs: readonly EvalRunRow[];
  readonly onChoose: (chosen: Chosen | null) => void;
};

type Kind = Chosen['kind'];

export function MapChooser({ chosen, runs, onChoose }: Props) {
  const kind: Kind = chosen?.kind ?? 'search';
  const split = chosen?.split ?? false;
  const kinds: { readonly id: Kind; readonly label: string }[] = [
    { id: 'search', label: 'Search' },
    ...(runs.length > 0 || kind === 'runs' ? [{ id: 'runs', label: 'Eval runs' } as const] : []),
    ...(chosen?.kind === 'traces'
      ? [{ id: 'traces', label: `${formatCount(chosen.traceIds.length)} selected` } as const]
      : []),
  ];

  function change(to: Kind): void {
    const [newest] = runs;
    if (to === 'search') onChoose({ kind: 'search', queries: [''], split });
    else if (to === 'runs' && newest) onChoose({ kind: 'runs', runIds: [newest.id], split });
  }

  const groups =
    chosen === null
      ? 1
      : chosen.kind === 'search'
        ? chosen.queries.length
        : chosen.kind === 'runs'
          ? chosen.runIds.length
          : 1;
  return (
    <div className={styles.chooser}>
      {kinds.length > 1 && <Choice label="What is mapped" choices={kinds} value={kind} onChange={change} />}
      {kind === 'search' && (
        <Searches queries={chosen?.kind === 'search' ? chosen.queries : null} split={split} onChoose={onChoose} />
      )}
      {chosen?.kind === 'runs' && <Runs runIds={chosen.runIds} split={split} runs={runs} onChoose={onChoose} />}
      {chosen !== null && groups === 1 && (
        <Choice
          label="Groups"
          value={split ? 'verdict' : 'one'}
          choices={[
            { id: 'one', label: 'All together' },
            { id: 'verdict', label: 'Passed vs failed' },
          ]}
          onChange={(by) => onChoose({ ...chosen, split: by === 'verdict' })}
        />
      )}
    </div>
  );
}

type SearchesProps = {
  /** Null = nothing was searched yet. */
  readonly queries: readonly string[] | null;
  readonly split: boolean;
  readonly onChoose: Props['onChoose'];
};

function Searches({ queries, split, onChoose }: SearchesProps) {
  const [first = '', second] = queries ?? [''];
  return (
    <>
      <QueryField
        label={second === undefined ? 'Search for traces to map' : 'Search of group A'}
        value={first}
        onChange={(query) =>
          onChoose({ kind: 'search', queries: second === undefined ? [query] : [query, second], split })
        }
      />
      {second === undefined ? (
        queries !== null && (
          <Button
            variant="ghost"
            icon={<Plus size={13} aria-hidden />}
            onClick={() => onChoose({ kind: 'search', queries: [first, ''], split: false })}
          >
            Against another search
          </Button>
        )
      ) : (
        <>
          <span className={styles.quiet}>against</span>
          <QueryField
            label="Search of group B"
            value={second}
            onChange={(query) => onChoose({ kind: 'search', queries: [first, query], split: false })}
          />
          <IconButton
            label="Without a second group"
            icon={<X size={14} aria-hidden />}
            onClick={() => onChoose({ kind: 'search', queries: [first], split: false })}
          />
        </>
      )}
    </>
  );
}

type FieldProps = { readonly label: string; readonly value: string; readonly onChange: (query: string) => void };

/** The language of the search box in Traces. What is typed counts after a short pause, or at once with Enter. */
function QueryField({ label, value, onChange }: FieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  const [problem] = parseQuery(text).problems;
  useEffect(() => {
    if (text.trim() === value || problem !== undefined) return undefined;
    const timer = setTimeout(() => onChange(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text, value, problem, onChange]);
  return (
    <>
      <input
        className={styles.query}
        type="text"
        aria-label={label}
        aria-invalid={problem !== undefined}
        title={problem ?? label}
        placeholder="All traces; or words, agent:Planner, workflow:airline, error:true"
        spellCheck={false}
        autoComplete="off"
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && problem === undefined) onChange(text.trim());
        }}
      />
      {problem !== undefined && (
        <span className={styles.queryProblem} role="status">
          {problem}
        </span>
      )}
    </>
  );
}

type RunsProps = {
  readonly runIds: readonly string[];
  readonly split: boolean;
  readonly runs: readonly EvalRunRow[];
  readonly onChoose: Props['onChoose'];
};

function Runs({ runIds, split, runs, onChoose }: RunsProps) {
  const [first = '', second] = runIds;
  return (
    <>
      <RunField
        label="Eval run"
        value={first}
        runs={runs.filter(({ id }) => id !== second)}
        none={null}
        onChange={(id) => onChoose({ kind: 'runs', runIds: second === undefined ? [id] : [id, second], split })}
      />
      <RunField
        label="Against eval run"
        value={second ?? ''}
        runs={runs.filter(({ id }) => id !== first)}
        none="Against another run…"
        onChange={(id) =>
          onChoose({ kind: 'runs', runIds: id === '' ? [first] : [first, id], split: id === '' ? split : false })
        }
      />
    </>
  );
}

type RunFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly runs: readonly EvalRunRow[];
  /** What no choice is called; null = there must be one. */
  readonly none: string | null;
  readonly onChange: (id: string) => void;
};

function RunField({ label, value, runs, none, onChange }: RunFieldProps) {
  const missing = value !== '' && !runs.some(({ id }) => id === value);
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {none !== null && <option value="">{none}</option>}
      {missing && <option value={value}>A run that was deleted</option>}
      {runs.map((run) => (
        <option key={run.id} value={run.id}>
          {displayName(run.name)} · {displayName(run.evalName)}
        </option>
      ))}
    </select>
  );
}
