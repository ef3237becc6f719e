/** Taxonomies: what labels there are and how often each is used; and open coding, which makes labels out of free notes. */
import { useMemo } from 'react';
import { useRegisterCommands, type Command } from '../../commands/registry.ts';
import { useEngine } from '../../data/engine.ts';
import { replacePlace, usePlace } from '../../state/place.ts';
import { ErrorState, Spinner } from '../../widgets/states.tsx';
import { tabPanelProps, Tabs } from '../../widgets/tabs.tsx';
import { redo, undo, useActs } from './acts.ts';
import { CodingPane } from './coding/coding-pane.tsx';
import { SchemaPane } from './schemas/schema-pane.tsx';
import { TaxonomyPane } from './taxonomy-pane.tsx';
import styles from './taxonomies.module.css';

const TABS = [
  { id: 'sets', label: 'Taxonomies' },
  { id: 'coding', label: 'Open coding' },
  { id: 'schemas', label: 'Score schemas' },
] as const;
type TabId = (typeof TABS)[number]['id'];

const ABOUT: Readonly<Record<TabId, string>> = {
  sets: 'Sets of labels for what goes wrong in traces. Edits never touch a label that was given.',
  coding: 'Write free notes on traces first; here you sort them and make labels out of them.',
  schemas: 'What scores say, and on which scale: a number, an option, yes or no, or a rubric.',
};

export function TaxonomiesView() {
  const { tab } = usePlace();
  const list = useEngine('taxonomy.list', undefined);
  const info = useEngine('engine.info', undefined);
  const shown: TabId = TABS.find(({ id }) => id === tab)?.id ?? 'sets';
  useRegisterCommands(useMemo(commands, []));
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.title}>Taxonomies</h1>
        <p className={styles.dim}>{ABOUT[shown]}</p>
      </header>
      <Tabs
        label="Taxonomies"
        idBase="taxonomies"
        tabs={TABS}
        value={shown}
        onChange={(id) => replacePlace({ tab: id === 'sets' ? null : id, span: null })}
      />
      <div {...tabPanelProps('taxonomies', shown)} className={styles.panel}>
        {shown === 'schemas' ? (
          <SchemaPane readOnly={info.data?.readOnly ?? false} />
        ) : list.data ? (
          shown === 'sets' ? (
            <TaxonomyPane taxonomies={list.data} readOnly={info.data?.readOnly ?? false} />
          ) : (
            <CodingPane taxonomies={list.data} readOnly={info.data?.readOnly ?? false} />
          )
        ) : list.error ? (
          <ErrorState error={list.error} onRetry={list.refetch} />
        ) : (
          <Spinner label="Loading taxonomies" />
        )}
      </div>
    </div>
  );
}

function commands(): readonly Command[] {
  return [
    {
      id: 'taxonomies.undo',
      title: 'Undo',
      group: 'Taxonomies',
      keys: 'mod+z',
      when: () => useActs.getState().past.length > 0 && !isInField(),
      run: () => void undo(),
    },
    {
      id: 'taxonomies.redo',
      title: 'Redo',
      group: 'Taxonomies',
      keys: 'mod+shift+z',
      when: () => useActs.getState().future.length > 0 && !isInField(),
      run: () => void redo(),
    },
  ];
}

/** While somebody types, the keys are the text field's. */
function isInField(): boolean {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === 'text');
}
