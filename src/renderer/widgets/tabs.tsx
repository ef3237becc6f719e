import type { ReactNode } from 'react';
import { useRef } from 'react';
import styles from './tabs.module.css';

export type Tab<Id extends string = string> = { readonly id: Id; readonly label: string; readonly badge?: ReactNode };

type Props<Id extends string> = {
  readonly tabs: readonly Tab<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  /** What the tabs are of, for assistive technology. */
  readonly label: string;
  /** Prefix of element ids: tab `<base>-tab-<id>` controls the panel `<base>-panel-<id>`. */
  readonly idBase: string;
};

/** A row of tabs; the panel is the caller's (`tabPanelProps`). Arrow keys choose at once, as panels are cheap here. */
export function Tabs<Id extends string>({ tabs, value, onChange, label, idBase }: Props<Id>) {
  const row = useRef<HTMLDivElement>(null);

  function move(event: React.KeyboardEvent): void {
    const at = tabs.findIndex((tab) => tab.id === value);
    const last = tabs.length - 1;
    const target =
      event.key === 'ArrowRight'
        ? at >= last
          ? 0
          : at + 1
        : event.key === 'ArrowLeft'
          ? at <= 0
            ? last
            : at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? last
              : -1;
    const tab = tabs[target];
    if (!tab) return;
    event.preventDefault();
    onChange(tab.id);
    row.current?.querySelector<HTMLElement>(`#${CSS.escape(`${idBase}-tab-${tab.id}`)}`)?.focus();
  }

  return (
    <div ref={row} role="tablist" aria-label={label} className={styles.row} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${idBase}-tab-${tab.id}`}
          aria-selected={tab.id === value}
          aria-controls={`${idBase}-panel-${tab.id}`}
          tabIndex={tab.id === value ? 0 : -1}
          className={styles.tab}
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
          {tab.badge !== undefined && <span className={styles.badge}>{tab.badge}</span>}
        </button>
      ))}
    </div>
  );
}

/** For the element that shows what the tab is for. */
export function tabPanelProps(idBase: string, id: string): { role: 'tabpanel'; id: string; 'aria-labelledby': string } {
  return { role: 'tabpanel', id: `${idBase}-panel-${id}`, 'aria-labelledby': `${idBase}-tab-${id}` };
}
