import type { ReactNode } from 'react';
import { Fragment } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import styles from './splitter.module.css';

export type SplitterPanel = {
  readonly id: string;
  readonly content: ReactNode;
  /** Sizes: a number is pixels, a string may be '30%'. */
  readonly defaultSize?: number | string;
  readonly minSize?: number | string;
  readonly collapsible?: boolean;
};

type Props = {
  /** Sizes are remembered on this machine under this name. */
  readonly id: string;
  readonly panels: readonly SplitterPanel[];
  readonly direction?: 'horizontal' | 'vertical';
};

/** Panels side by side with separators that the mouse and the arrow keys move; a double click resets. */
export function Splitter({ id, panels, direction = 'horizontal' }: Props) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: `splitter:${id}`,
    panelIds: panels.map((panel) => panel.id),
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  return (
    <Group
      id={id}
      orientation={direction}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
      className={styles.group}
    >
      {panels.map((panel, index) => (
        <Fragment key={panel.id}>
          {index > 0 && (
            <Separator
              aria-label={`Size of ${panels[index - 1]?.id ?? 'pane'} and ${panel.id}`}
              className={`${styles.separator} ${styles[direction] ?? ''}`}
            />
          )}
          <Panel
            id={panel.id}
            className={styles.panel}
            defaultSize={panel.defaultSize}
            minSize={panel.minSize}
            collapsible={panel.collapsible}
          >
            {panel.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
