/** Compare: eval runs side by side, traces step by step, and what many traces have in common. */
import { useEffect } from 'react';
import { replacePlace, usePlace, type Place } from '../../state/place.ts';
import { tabPanelProps, Tabs } from '../../widgets/tabs.tsx';
import { BehaviourMapTab } from './map/behaviour-map-tab.tsx';
import { CompareRunsTab } from './runs/compare-runs-tab.tsx';
import { CompareTracesTab } from './traces/compare-traces-tab.tsx';
import styles from './compare.module.css';

const TABS = [
  { id: 'runs', label: 'Eval runs' },
  { id: 'traces', label: 'Traces' },
  { id: 'map', label: 'Behaviour map' },
] as const;
type TabId = (typeof TABS)[number]['id'];

/** What each tab compares, also while another one is shown: the ids of runs mean nothing to the others. */
const lastOf = new Map<TabId, Pick<Place, 'of' | 'q' | 'span'>>();

function showTab(tab: TabId): void {
  replacePlace({ tab, ...(lastOf.get(tab) ?? { of: [], q: '', span: null }) });
}

export function CompareView() {
  const { tab, of, q, span } = usePlace();
  const shown: TabId = TABS.find(({ id }) => id === tab)?.id ?? 'runs';
  useEffect(() => {
    lastOf.set(shown, { of, q, span });
  }, [shown, of, q, span]);
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Compare</h1>
        <p className={styles.about}>What changed between runs and between traces, and whether it is real.</p>
      </header>
      <Tabs idBase="compare" label="What is compared" tabs={TABS} value={shown} onChange={showTab} />
      <div className={styles.panel} {...tabPanelProps('compare', shown)}>
        {shown === 'runs' ? <CompareRunsTab /> : shown === 'traces' ? <CompareTracesTab /> : <BehaviourMapTab />}
      </div>
    </div>
  );
}
