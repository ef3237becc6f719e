import type { LucideIcon } from 'lucide-react';
import type { SpanKind, SpanStatus } from '#shared/record.ts';
import type { TraceStatus } from '#shared/trace.ts';
import {
  ArrowRightLeft,
  Bot,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Link2,
  LoaderCircle,
  Scale,
  Search,
  Shapes,
  ShieldCheck,
  Sparkles,
  TriangleAlert,
  Wrench,
} from 'lucide-react';
import styles from './kind-icon.module.css';

export const KIND_LABELS: Readonly<Record<SpanKind, string>> = {
  agent: 'Agent',
  generation: 'Generation',
  tool: 'Tool call',
  handoff: 'Handoff',
  guardrail: 'Guardrail',
  retrieval: 'Retrieval',
  evaluator: 'Evaluator',
  chain: 'Chain',
  custom: 'Custom',
};

const KIND_ICONS: Readonly<Record<SpanKind, LucideIcon>> = {
  agent: Bot,
  generation: Sparkles,
  tool: Wrench,
  handoff: ArrowRightLeft,
  guardrail: ShieldCheck,
  retrieval: Search,
  evaluator: Scale,
  chain: Link2,
  custom: Shapes,
};

/** The icon of a span kind, with the kind as its accessible name. Takes the colour of the text around it. */
export function KindIcon({ kind, size = 14 }: { kind: SpanKind; size?: number }) {
  const Icon = KIND_ICONS[kind];
  return (
    <span className={styles.icon} role="img" aria-label={KIND_LABELS[kind]} title={KIND_LABELS[kind]}>
      <Icon size={size} strokeWidth={1.75} aria-hidden />
    </span>
  );
}

export const STATUS_LABELS: Readonly<Record<SpanStatus | TraceStatus, string>> = {
  unset: 'Ended, no status given',
  ok: 'OK',
  error: 'Error',
  tool_errors: 'Completed, inner spans failed',
  running: 'Running',
};

const STATUS_ICONS: Readonly<Record<SpanStatus | TraceStatus, LucideIcon>> = {
  unset: CircleDashed,
  ok: CircleCheck,
  error: CircleAlert,
  tool_errors: TriangleAlert,
  running: LoaderCircle,
};

/** The status of a trace or span: shape and colour, and a name for assistive technology. */
export function StatusIcon({ status, size = 14 }: { status: SpanStatus | TraceStatus; size?: number }) {
  const Icon = STATUS_ICONS[status];
  return (
    <span
      className={`${styles.icon} ${styles[status] ?? ''}`}
      role="img"
      aria-label={STATUS_LABELS[status]}
      title={STATUS_LABELS[status]}
    >
      <Icon size={size} strokeWidth={2} aria-hidden />
    </span>
  );
}
