/** What all annotations say together: which failures there are, and how far people agree. */
import { useState } from 'react';
import { X } from 'lucide-react';
import { replacePlace, usePlace } from '../../state/place.ts';
import { IconButton } from '../../widgets/button.tsx';
import { tabPanelProps, Tabs } from '../../widgets/tabs.tsx';
import { AgreementTab } from './agreement-tab.tsx';
import { Behind, type Picked } from './behind.tsx';
import styles from './insights.module.css';
import { OverviewTab } from './overview-tab.tsx';

const TABS = [
  { id: 'overview', label: 'Failures' },
  { id: 'agreement', label: 'Agreement' },
] as const;

export function InsightsView() {
  const { q, tab: place } = usePlace();
  const tab = place === 'agreement' ? 'agreement' : 'overview';
  const [picked, setPicked] = useState<Picked | null>(null);
  const [text, setText] = useState(q);
  const [shown, setShown] = useState(q);
  // The place may change elsewhere: Back, another view that opens this one.
  if (shown !== q) {
    setShown(q);
    setText(q);
    setPicked(null);
  }

  function search(next: string): void {
    setPicked(null);
    replacePlace({ q: next });
  }

  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Insights</h1>
        <p className={styles.about}>What people found wrong, and how far they agree.</p>
        <form
          className={styles.search}
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            search(text.trim());
          }}
        >
          <input
            type="text"
            className={styles.input}
            aria-label="Only traces that match"
            placeholder="Only traces that match, such as workflow:Refund"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => search(text.trim())}
          />
          {q !== '' && <IconButton label="All traces" icon={<X size={13} aria-hidden />} onClick={() => search('')} />}
        </form>
      </header>
      <Tabs
        tabs={TABS}
        value={tab}
        onChange={(id) => {
          setPicked(null);
          replacePlace({ tab: id });
        }}
        label="Insights"
        idBase="insights"
      />
      <div className={styles.body}>
        {/* A panel that scrolls must be reachable by keyboard. */}
        <div className={styles.panel} {...tabPanelProps('insights', tab)} tabIndex={0}>
          {tab === 'overview' ? (
            <OverviewTab query={q} picked={picked} onPick={setPicked} />
          ) : (
            <AgreementTab query={q} picked={picked} onPick={setPicked} />
          )}
        </div>
        {picked && <Behind key={picked.key} picked={picked} query={q} onClose={() => setPicked(null)} />}
      </div>
    </div>
  );
}
