/** A text that is saved when it is left or Enter is pressed; Esc takes back what was typed. */
import { useState } from 'react';
import styles from './taxonomies.module.css';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onCommit: (value: string) => void;
  readonly lines?: number;
  readonly readOnly?: boolean;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly className?: string;
  readonly hideLabel?: boolean;
  readonly id?: string;
};

export function CommitField(props: Props) {
  const { label, value, onCommit, lines = 1, readOnly = false, required = false, maxLength = 200 } = props;
  const [draft, setDraft] = useState<string | null>(null);

  function commit(): void {
    const text = draft?.trim();
    setDraft(null);
    if (text !== undefined && text !== value && !(required && text === '')) onCommit(text);
  }
  function press(event: React.KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void {
    if (event.key === 'Escape' && draft !== null) setDraft(null);
    else if (event.key === 'Enter' && (lines === 1 || event.ctrlKey || event.metaKey)) commit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const field = {
    id: props.id,
    value: draft ?? value,
    readOnly,
    maxLength,
    placeholder: props.placeholder,
    className: `${styles.input} ${props.className ?? ''}`,
    'aria-label': props.hideLabel === true ? label : undefined,
    onBlur: commit,
    onKeyDown: press,
  };
  const input =
    lines === 1 ? (
      <input type="text" {...field} onChange={(event) => setDraft(event.target.value)} />
    ) : (
      <textarea rows={lines} {...field} onChange={(event) => setDraft(event.target.value)} />
    );
  if (props.hideLabel === true) return input;
  return (
    <label className={styles.field}>
      <span>{label}</span>
      {input}
    </label>
  );
}
