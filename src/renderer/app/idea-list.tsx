/** What a grader could be made of; the one that is chosen opens in the editor. */
import { useRef } from 'react';
import type { GraderIdea } from '../state/grader-from-trace.ts';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './grade-dialog.module.css';

type Props = { readonly ideas: readonly GraderIdea[]; readonly onChoose: (idea: GraderIdea) => void };

export function IdeaList({ ideas, onChoose }: Props) {
  const list = useRef<HTMLUListElement>(null);
  function move(event: React.KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  }
  return (
    <ul ref={list} className={styles.ideas} onKeyDown={move}>
      {ideas.map((idea, index) => (
        <li key={idea.title}>
          <button type="button" className={styles.idea} autoFocus={index === 0} onClick={() => onChoose(idea)}>
            <strong>{visibleString(idea.title)}</strong>
            <span className={styles.dim}>{visibleString(idea.about)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
