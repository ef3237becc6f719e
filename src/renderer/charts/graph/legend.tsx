import { Bug, CircleAlert, Repeat, RotateCw } from 'lucide-react';
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { ViewGraph } from './view-graph.ts';
import { EDGE_WORDS } from './wording.ts';
import styles from './agent-graph.module.css';

const ORDER: readonly GraphEdgeKind[] = ['handoff', 'agent_call', 'return', 'message', 'tool_call', 'guardrail'];

/** Only what is in the picture. */
export function Legend({ view, faults = false }: { readonly view: ViewGraph; readonly faults?: boolean }) {
  const kinds = new Set(view.edges.map((edge) => edge.kind));
  const inferred = view.edges.some((edge) => edge.inferred);
  const loop = view.edges.some((edge) => edge.loop);
  const retries = view.edges.some((edge) => edge.retries > 0);
  const failed = view.edges.some((edge) => edge.errors > 0);
  if (kinds.size === 0) return null;
  return (
    <ul className={styles.legend} aria-label="Legend">
      {ORDER.filter((kind) => kinds.has(kind)).map((kind) => (
        <li key={kind}>
          <Sample kind={kind} />
          {EDGE_WORDS[kind]}
        </li>
      ))}
      {inferred && (
        <li>
          <svg width="26" height="10" aria-hidden className={`${styles.edge} ${styles.agent_call} ${styles.inferred}`}>
            <path d="M1,5H25" className={styles.line} />
          </svg>
          inferred
        </li>
      )}
      {loop && (
        <li>
          <Repeat size={11} strokeWidth={2.2} aria-hidden />
          leads back
        </li>
      )}
      {retries && (
        <li>
          <RotateCw size={11} strokeWidth={2.2} aria-hidden />
          retried
        </li>
      )}
      {faults && (
        <li>
          <Bug size={11} strokeWidth={2.2} aria-hidden />
          findings
        </li>
      )}
      {failed && (
        <li className={styles.legendFailed}>
          <CircleAlert size={11} strokeWidth={2.2} aria-hidden />
          failed
        </li>
      )}
    </ul>
  );
}

function Sample({ kind }: { readonly kind: GraphEdgeKind }) {
  return (
    <svg width="26" height="10" aria-hidden className={`${styles.edge} ${styles[kind] ?? ''}`}>
      <path d={kind === 'return' ? 'M25,5H7' : 'M1,5H20'} className={styles.line} />
      {kind === 'return' ? (
        <path d="M1,5L7,2V8Z" className={styles.head} />
      ) : kind === 'message' || kind === 'guardrail' ? (
        <path d="M18,1.5L24,5L18,8.5" className={styles.openHead} />
      ) : (
        <path d="M25,5L18,1.8V8.2Z" className={styles.head} />
      )}
      {kind === 'agent_call' && <path d="M1,5L5,2L9,5L5,8Z" className={styles.head} />}
    </svg>
  );
}
