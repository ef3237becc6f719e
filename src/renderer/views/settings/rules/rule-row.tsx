import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react';
import type { Rule } from '#shared/rules.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { conditionsOf, effectsOf } from './wording.ts';
import styles from './rules.module.css';

type Props = {
  readonly rule: Rule;
  readonly index: number;
  readonly count: number;
  /** Nothing can be changed now. */
  readonly fixed: boolean;
  readonly onEdit: () => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onToggle: () => void;
  readonly onRemove: () => void;
};

/** One rule in the list. Alt with the arrow keys moves it, Delete removes it, Space switches it. */
export function RuleRow({ rule, index, count, fixed, onEdit, onMove, onToggle, onRemove }: Props) {
  const conditions = conditionsOf(rule).join(' · ');
  const effects = effectsOf(rule).join(' · ');
  const name = rule.label === '' ? `Rule ${index + 1}` : visibleString(rule.label);

  function handleKey(event: React.KeyboardEvent): void {
    if (fixed) return;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      onMove(event.key === 'ArrowUp' ? -1 : 1);
    else if (event.key === 'Delete') onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <li className={`${styles.row} ${rule.enabled ? '' : styles.off}`}>
      <input type="checkbox" checked={rule.enabled} disabled={fixed} aria-label={`${name} is on`} onChange={onToggle} />
      <button
        type="button"
        data-rule={rule.id}
        className={styles.rule}
        disabled={fixed}
        onClick={onEdit}
        onKeyDown={handleKey}
        aria-label={`${name}: for ${conditions}, set ${effects}. Edit`}
      >
        {rule.label !== '' && <span className={styles.label}>{name}</span>}
        <span className={styles.sentence}>
          <span className={styles.conditions}>{conditions}</span>
          <span aria-hidden>→</span>
          <span className={styles.effects}>{effects}</span>
        </span>
      </button>
      <span className={styles.rowButtons}>
        <IconButton
          label={`Move ${name} up`}
          keys="alt+arrowup"
          icon={<ArrowUp size={13} aria-hidden />}
          disabled={fixed || index === 0}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label={`Move ${name} down`}
          keys="alt+arrowdown"
          icon={<ArrowDown size={13} aria-hidden />}
          disabled={fixed || index === count - 1}
          onClick={() => onMove(1)}
        />
        <IconButton label={`Edit ${name}`} icon={<Pencil size={13} aria-hidden />} disabled={fixed} onClick={onEdit} />
        <IconButton
          label={`Delete ${name}`}
          icon={<Trash2 size={13} aria-hidden />}
          disabled={fixed}
          onClick={onRemove}
        />
      </span>
    </li>
  );
}
