import { useEffect, useRef, type KeyboardEvent } from 'react';
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { IconButton } from '../../../widgets/button.tsx';
import type { Find } from '../model/use-find.ts';
import styles from './find-bar.module.css';

/** Find in trace. Enter goes on, Shift+Enter goes back, Escape closes; `onLeave` gives the focus back to the tree. */
export function FindBar({ find, onLeave }: { find: Find; onLeave: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [find.focusRequest]);

  function close(): void {
    find.close();
    onLeave();
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') find.step(event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles.bar} role="search">
      <Search size={13} aria-hidden className={styles.icon} />
      <input
        ref={input}
        className={styles.input}
        type="text"
        value={find.text}
        onChange={(event) => find.setText(event.target.value)}
        onKeyDown={press}
        placeholder="Find in names, messages, tool calls"
        aria-label="Find in trace"
        spellCheck={false}
        maxLength={500}
      />
      <span className={styles.count} role="status" data-none={isNone(find) || undefined}>
        {countText(find)}
      </span>
      <IconButton
        label="Previous match"
        keys="shift+enter"
        icon={<ChevronUp size={14} />}
        onClick={() => find.step(-1)}
        disabled={find.rows.length === 0}
      />
      <IconButton
        label="Next match"
        keys="enter"
        icon={<ChevronDown size={14} />}
        onClick={() => find.step(1)}
        disabled={find.rows.length === 0}
      />
      <IconButton label="Close find" keys="escape" icon={<X size={14} />} onClick={close} />
    </div>
  );
}

function isNone(find: Find): boolean {
  return find.searched !== '' && !find.busy && find.rows.length === 0;
}

function countText(find: Find): string {
  if (find.error) return find.error.message;
  if (find.text.trim() === '') return '';
  if (find.busy) return '…';
  if (find.rows.length === 0) return 'not found';
  const total = find.rows.length.toLocaleString('en-US');
  return find.at > 0
    ? `${find.at.toLocaleString('en-US')} of ${total}`
    : `${total} ${find.rows.length === 1 ? 'span' : 'spans'}`;
}
