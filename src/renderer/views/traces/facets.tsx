import { useState } from 'react';
import type { FacetField } from '#shared/trace.ts';
import type { EngineQuery } from '../../data/engine.ts';
import type { FacetCounts } from '#shared/trace.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { STATUS_LABELS, StatusIcon } from '../../theme/kind-icon.tsx';
import { formatCompact, formatCount } from '../../widgets/format.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { FindingsDue } from './findings-due.tsx';
import { termState, toggleTerm } from './query-text.ts';
import styles from './facets.module.css';

const GROUPS: readonly (readonly [field: FacetField, title: string])[] = [
  ['status', 'Status'],
  ['finding', 'Finding'],
  ['annotated', 'Annotated'],
  ['label', 'Label'],
  ['annotator', 'Annotator'],
  ['grade', 'Graded'],
  ['agent', 'Agent'],
  ['workflow', 'Workflow'],
  ['tool', 'Tool'],
  ['model', 'Model'],
  ['source', 'Source'],
  ['tag', 'Tag'],
];
const SHORT = 6;
const LONG = 100;

/** What there is, with counts; choosing edits the search text, so that there is one filter and it can be shared. */
export function Facets({ facets }: { readonly facets: EngineQuery<FacetCounts> }) {
  const { data, error, refetch } = facets;
  if (!error && (!data || GROUPS.every(([field]) => data[field].length === 0))) return null;
  return (
    <aside className={styles.facets} aria-label="Narrow the list">
      {error && !data && (
        <p className={styles.error} role="alert">
          {error.message}{' '}
          <button type="button" onClick={refetch}>
            Try again
          </button>
        </p>
      )}
      {data &&
        GROUPS.map(([field, title]) => (
          <FacetGroup
            key={field}
            field={field}
            title={title}
            values={data[field]}
            due={field === 'finding' ? data.findingsDue : 0}
          />
        ))}
    </aside>
  );
}

type GroupProps = {
  readonly field: FacetField;
  readonly title: string;
  readonly values: FacetCounts[FacetField];
  /** Traces whose values are not known yet. */
  readonly due: number;
};

function FacetGroup({ field, title, values, due }: GroupProps) {
  const [all, setAll] = useState(false);
  const { q } = usePlace();
  if (values.length === 0 && due === 0) return null;
  const most = values.reduce((max, { count }) => Math.max(max, count), 1);
  const shown = values.slice(0, all ? LONG : SHORT);
  return (
    <section className={styles.group}>
      <h2 className={styles.title}>{title}</h2>
      {shown.map(({ value, count }) => {
        const state = termState(q, field, value);
        const label = labelOf(field, value);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={state !== 'off'}
            aria-label={`${title} ${label}, ${formatCount(count)} traces${state === 'not' ? ', excluded' : ''}`}
            title={`${label}\n${formatCount(count)} traces. Alt-click excludes.`}
            className={`${styles.value} ${state === 'on' ? styles.on : ''} ${state === 'not' ? styles.not : ''}`}
            onClick={(event) => replacePlace({ q: toggleTerm(q, field, value, event.altKey) })}
          >
            <span className={styles.bar} style={{ width: `${(count / most) * 100}%` }} />
            {field === 'agent' && <span className={styles.dot} style={{ background: agentColour(value).solid }} />}
            {field === 'status' && isStatus(value) && <StatusIcon status={value} size={12} />}
            <span className={styles.label}>{visibleString(label)}</span>
            <span className={styles.count}>{formatCompact(count)}</span>
          </button>
        );
      })}
      <FindingsDue count={due} className={styles.due} />
      {values.length > SHORT && (
        <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'fewer' : `${formatCount(values.length - SHORT)} more`}
        </button>
      )}
      {all && values.length > LONG && (
        <p className={styles.rest}>{formatCount(values.length - LONG)} more: search for them</p>
      )}
    </section>
  );
}

const SHORT_STATUS: Readonly<Record<string, string>> = {
  tool_errors: 'inner errors',
  unset: 'no status',
  ok: 'ok',
  error: 'error',
  running: 'running',
};

function labelOf(field: FacetField, value: string): string {
  if (field === 'finding' && value === 'any') return 'any fault';
  if (field === 'annotated') return 'annotated';
  if (field === 'grade') return value.replace(/=(pass|fail)$/, ': $1');
  return field === 'status' ? (SHORT_STATUS[value] ?? value) : value;
}

function isStatus(value: string): value is keyof typeof STATUS_LABELS {
  return Object.hasOwn(STATUS_LABELS, value);
}
