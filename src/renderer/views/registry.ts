/** The views of the left navigation, in its order. A new view is a folder beside this file and one entry here. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType, LazyExoticComponent } from 'react';
import { lazy } from 'react';
import {
  Cable,
  ChartColumn,
  ClipboardCheck,
  FlaskConical,
  GitCompareArrows,
  ListTree,
  MessagesSquare,
  Scale,
  Settings2,
  Stamp,
  Tags,
} from 'lucide-react';

export type View = {
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly keys: string;
  readonly component: LazyExoticComponent<ComponentType>;
};

export const views: readonly View[] = [
  {
    id: 'traces',
    title: 'Traces',
    icon: ListTree,
    keys: 'mod+1',
    component: lazy(async () => ({ default: (await import('./traces/index.tsx')).TracesView })),
  },
  {
    id: 'sessions',
    title: 'Sessions',
    icon: MessagesSquare,
    keys: 'mod+2',
    component: lazy(async () => ({ default: (await import('./sessions/index.tsx')).SessionsView })),
  },
  {
    id: 'review',
    title: 'Review',
    icon: ClipboardCheck,
    keys: 'mod+5',
    component: lazy(async () => ({ default: (await import('./review/index.tsx')).ReviewView })),
  },
  {
    id: 'taxonomies',
    title: 'Taxonomies',
    icon: Tags,
    keys: 'mod+7',
    component: lazy(async () => ({ default: (await import('./taxonomies/index.tsx')).TaxonomiesView })),
  },
  {
    id: 'graders',
    title: 'Graders',
    icon: Scale,
    keys: 'mod+8',
    component: lazy(async () => ({ default: (await import('./graders/index.tsx')).GradersView })),
  },
  {
    id: 'evals',
    title: 'Evals',
    icon: FlaskConical,
    keys: 'mod+9',
    component: lazy(async () => ({ default: (await import('./evals/index.tsx')).EvalsView })),
  },
  {
    id: 'compare',
    title: 'Compare',
    icon: GitCompareArrows,
    keys: 'mod+alt+c',
    component: lazy(async () => ({ default: (await import('./compare/index.tsx')).CompareView })),
  },
  {
    id: 'insights',
    title: 'Insights',
    icon: ChartColumn,
    keys: 'mod+6',
    component: lazy(async () => ({ default: (await import('./insights/index.tsx')).InsightsView })),
  },
  {
    id: 'connect',
    title: 'Connect',
    icon: Cable,
    keys: 'mod+3',
    component: lazy(async () => ({ default: (await import('./connect/index.tsx')).ConnectView })),
  },
  {
    id: 'ledger',
    title: 'Ledger',
    icon: Stamp,
    keys: 'mod+4',
    component: lazy(async () => ({ default: (await import('./ledger/index.tsx')).LedgerView })),
  },
  {
    id: 'settings',
    title: 'Settings',
    icon: Settings2,
    keys: 'mod+,',
    component: lazy(async () => ({ default: (await import('./settings/index.tsx')).SettingsView })),
  },
];

const loadTraceView = () => import('./trace/index.tsx');

/** One trace: reached from a trace, not from the navigation. */
export const TraceView = lazy(async () => ({ default: (await loadTraceView()).TraceView }));

const AFTER_START_MS = 400;

/** Loads the code of the trace view soon after the start, so that the first trace opens as fast as the next. */
export function preloadTraceView(): () => void {
  const timer = setTimeout(() => void loadTraceView(), AFTER_START_MS);
  return () => clearTimeout(timer);
}
