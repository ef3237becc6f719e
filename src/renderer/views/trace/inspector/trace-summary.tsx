/** What the inspector says of a trace when nothing in it is selected. */
import { useMemo } from 'react';
import { ArrowRight, CircleAlert } from 'lucide-react';
import { sessionOfAddress } from '#shared/session.ts';
import type { TraceRow } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { STATUS_LABELS } from '../../../theme/kind-icon.tsx';
import { AgentChip, Chip } from '../../../widgets/chip.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import { Money } from '../../../widgets/money.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AnnotationSection } from '../annotations/annotation-section.tsx';
import { ScoreSection } from '../annotations/score-section.tsx';
import { FaultSection } from '../faults/fault-section.tsx';
import { GradeSection } from '../grades/grade-section.tsx';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { agentSpanNear } from './relations.ts';
import { SectionHead } from './section-head.tsx';
import styles from './inspector.module.css';

const MOST = 60;
const FAILURES = 5;

export function TraceSummary({ trace, tree }: { trace: TraceRow; tree: SpanTree }) {
  const session = sessionOfAddress(trace.id);
  return (
    <div className={styles.span}>
      <header className={styles.head}>
        <div className={styles.kind}>
          <span>{session === null ? 'Trace' : 'Session'}</span>
          <span className={styles.end}>
            <CopyButton
              label={session === null ? 'Copy trace id' : 'Copy session id'}
              text={session === null ? trace.id : session}
            />
          </span>
        </div>
        <h2 className={`${styles.title} selectable`} title={trace.name.slice(0, 1000)}>
          <span className={styles.titleText}>
            {trace.name === '' ? 'no name' : visibleString(trace.name.slice(0, 400))}
          </span>
        </h2>
      </header>
      <div
        className={styles.panel}
        tabIndex={0}
        role="region"
        aria-label={`Summary of the ${session === null ? 'trace' : 'session'}`}
      >
        <FaultSection tree={tree} />
        <GradeSection tree={tree} traceId={trace.id} spanId={null} />
        <AnnotationSection tree={tree} spanId={null} />
        <ScoreSection tree={tree} traceId={trace.id} spanId={null} />
        <Errors traceId={trace.id} tree={tree} />
        <Agents trace={trace} tree={tree} />
        <Names title="Tools" names={trace.tools} />
        <Names title="Models" names={trace.models} />
        <Totals trace={trace} />
        {trace.metadata && Object.keys(trace.metadata).length > 0 && (
          <section className={styles.section}>
            <SectionHead title="Metadata">
              <CopyButton label="Copy metadata" text={() => JSON.stringify(trace.metadata, null, 2)} />
            </SectionHead>
            <JsonTree value={trace.metadata} label="Metadata" />
          </section>
        )}
        {tree.table.columns.count > 0 && (
          <p className={styles.keys}>
            <Kbd keys="arrowdown" /> first span
            {tree.table.errorRows.length > 0 && (
              <>
                <Kbd keys="n" /> next error
              </>
            )}
            <Kbd keys="f" /> find
          </p>
        )}
      </div>
    </div>
  );
}

/** Where it went wrong: the first failures, each a way to its span. */
function Errors({ traceId, tree }: { traceId: string; tree: SpanTree }) {
  const { table, select } = tree;
  const rows = useMemo(() => [...table.errorRows.subarray(0, FAILURES)].map((row) => readRow(table, row)), [table]);
  if (rows.length === 0) return null;
  return (
    <section className={styles.section}>
      <SectionHead
        title={table.errorRows.length === 1 ? '1 span failed' : `${formatCount(table.errorRows.length)} spans failed`}
      />
      <ul className={styles.jumps}>
        {rows.map(
          (span) =>
            span && (
              <li key={span.id}>
                <button type="button" className={styles.jump} onClick={() => select(span.row)}>
                  <CircleAlert size={13} aria-hidden className={styles.jumpError} />
                  <span className={styles.jumpName}>{visibleString(span.name.slice(0, 200)) || 'no name'}</span>
                  <Reason traceId={traceId} spanId={span.id} agent={span.agent} />
                  <ArrowRight size={13} aria-hidden />
                </button>
              </li>
            ),
        )}
      </ul>
      {table.errorRows.length > rows.length && (
        <p className={styles.moreFailures}>
          and {formatCount(table.errorRows.length - rows.length)} more: <Kbd keys="n" /> goes through all
        </p>
      )}
    </section>
  );
}

/** Why a span failed, in one line; who failed when the source does not say why. */
function Reason({ traceId, spanId, agent }: { traceId: string; spanId: string; agent: string }) {
  const { data } = useEngine('span.get', { traceId, spanId });
  const error = data?.error;
  const parts = [error?.type, error?.message].map((part) => visibleString((part ?? '').slice(0, 300)).trim());
  const reason = parts.filter((part) => part !== '').join(': ');
  return (
    <span className={styles.quiet} title={reason}>
      {data === undefined ? '' : reason || visibleString(agent.slice(0, 80))}
    </span>
  );
}

function Agents({ trace, tree }: { trace: TraceRow; tree: SpanTree }) {
  if (trace.agents.length === 0) return null;
  return (
    <section className={styles.section}>
      <SectionHead
        title={
          trace.agents.length === 1 ? 'Agent' : `${formatCount(trace.agents.length)} agents, in order of appearance`
        }
      />
      <div className={styles.chips}>
        {trace.agents.slice(0, MOST).map((name) => (
          <button
            key={name}
            type="button"
            className={styles.agentButton}
            onClick={() => {
              const row = agentSpanNear(tree.table, -1, name, 1);
              if (row >= 0) tree.select(row);
            }}
          >
            <AgentChip name={name} />
          </button>
        ))}
        {trace.agents.length > MOST && <Chip>+{formatCount(trace.agents.length - MOST)}</Chip>}
      </div>
    </section>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <section className={styles.section}>
      <SectionHead title={title} />
      <div className={styles.chips}>
        {names.slice(0, MOST).map((name) => (
          <Chip key={name} title={name.slice(0, 600)}>
            {visibleString(name.slice(0, 200))}
          </Chip>
        ))}
        {names.length > MOST && <Chip>+{formatCount(names.length - MOST)}</Chip>}
      </div>
    </section>
  );
}

function Totals({ trace }: { trace: TraceRow }) {
  const { tokens } = trace;
  const session = sessionOfAddress(trace.id);
  const lines = [
    ['Status', STATUS_LABELS[trace.status]],
    ['Input tokens', tokens.input === null ? null : formatCount(tokens.input)],
    ['of these cached', tokens.cacheRead === null || tokens.cacheRead === 0 ? null : formatCount(tokens.cacheRead)],
    ['Output tokens', tokens.output === null ? null : formatCount(tokens.output)],
    ['of these reasoning', tokens.reasoning === null || tokens.reasoning === 0 ? null : formatCount(tokens.reasoning)],
    ['Cost', trace.cost === null ? null : <Money usd={trace.cost} basis={trace.costBasis} of={trace} />],
    ['Workflow', trace.workflow],
    ['User', trace.user],
    [session === null ? 'Trace id' : 'Session id', session === null ? trace.id : session],
  ] as const;
  return (
    <section className={styles.section}>
      <SectionHead title="Facts" />
      <dl className={styles.facts}>
        {lines.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className={styles.pair}>
                <dt>{name}</dt>
                <dd className={`selectable ${name.endsWith(' id') ? styles.mono : ''}`}>
                  {typeof value === 'string' ? visibleString(value.slice(0, 400)) : value}
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
