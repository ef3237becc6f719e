import type { ReactElement, ReactNode } from 'react';
import { Tooltip as Base } from '@base-ui/react/tooltip';
import { Kbd } from './kbd.tsx';
import styles from './tooltip.module.css';

/** Around the app, so that neighbouring tooltips follow each other without a delay. */
export const TooltipProvider = Base.Provider;

type Props = {
  readonly content: ReactNode;
  /** A shortcut, as commands write it: 'mod+k'. */
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  /** One element that takes a ref and props. */
  readonly children: ReactElement;
};

/** A hint on hover and focus. Never the only place of a fact: assistive technology may not read it. */
export function Tooltip({ content, keys, side = 'bottom', children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.popup}>
            {content}
            {keys !== undefined && <Kbd keys={keys} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
