/** The bounds of a numeric scale, the options of a categorical one, the questions of a rubric. */
import { useState, type ReactNode } from 'react';
import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { CommitField } from '../commit-field.tsx';
import styles from '../taxonomies.module.css';
import { changedAt, numberIn, withItem, withOption, withoutAt, type Scale } from './scales.ts';

type Props = {
  readonly scale: Scale;
  readonly readOnly: boolean;
  /** Changes what stands when its turn comes. */
  readonly onChange: (what: string, change: (scale: Scale) => Scale) => void;
};

/** As many as a schema may have. */
const MOST = 100;

export function ScaleFields({ scale, readOnly, onChange }: Props) {
  switch (scale.type) {
    case 'boolean':
      return null;
    case 'numeric': {
      const bound = (label: string, key: 'min' | 'max' | 'step'): ReactNode => (
        <NumberField
          label={label}
          value={scale[key]}
          readOnly={readOnly}
          onCommit={(value) =>
            onChange('Bounds changed', (now) => (now.type === 'numeric' ? { ...now, [key]: value } : now))
          }
        />
      );
      return (
        <div className={styles.bounds}>
          {bound('Least', 'min')}
          {bound('Greatest', 'max')}
          {bound('Step', 'step')}
        </div>
      );
    }
    case 'categorical':
      return (
        <Rows
          title="Options"
          count={scale.options.length}
          least={2}
          readOnly={readOnly}
          add="Option"
          nameOf={(at) => scale.options[at]?.title ?? ''}
          onAdd={() => onChange('Option added', withOptions(withOption))}
          onRemove={(at) =>
            onChange(
              'Option removed',
              withOptions((options) => withoutAt(options, at)),
            )
          }
          row={(at) => (
            <>
              <NumberField
                label={`Value of option ${at + 1}`}
                hideLabel
                value={scale.options[at]?.value ?? 0}
                readOnly={readOnly}
                onCommit={(value) =>
                  onChange(
                    'Option changed',
                    withOptions((options) => changedAt(options, at, { value })),
                  )
                }
              />
              <CommitField
                label={`Title of option ${at + 1}`}
                hideLabel
                required
                value={scale.options[at]?.title ?? ''}
                readOnly={readOnly}
                onCommit={(title) =>
                  onChange(
                    'Option changed',
                    withOptions((options) => changedAt(options, at, { title })),
                  )
                }
              />
            </>
          )}
        />
      );
    case 'rubric':
      return (
        <Rows
          title="Questions"
          count={scale.items.length}
          least={1}
          readOnly={readOnly}
          add="Question"
          nameOf={(at) => scale.items[at]?.text ?? ''}
          onAdd={() => onChange('Question added', withItems(withItem))}
          onRemove={(at) =>
            onChange(
              'Question removed',
              withItems((items) => withoutAt(items, at)),
            )
          }
          row={(at) => (
            <CommitField
              label={`Question ${at + 1}`}
              hideLabel
              required
              maxLength={10_000}
              value={scale.items[at]?.text ?? ''}
              readOnly={readOnly}
              onCommit={(text) =>
                onChange(
                  'Question changed',
                  withItems((items) => changedAt(items, at, { text })),
                )
              }
            />
          )}
        />
      );
  }
}

type Of<T extends Scale['type']> = Extract<Scale, { type: T }>;

function withOptions(change: (options: Of<'categorical'>['options']) => Of<'categorical'>['options']) {
  return (now: Scale): Scale => (now.type === 'categorical' ? { ...now, options: change(now.options) } : now);
}

function withItems(change: (items: Of<'rubric'>['items']) => Of<'rubric'>['items']) {
  return (now: Scale): Scale => (now.type === 'rubric' ? { ...now, items: change(now.items) } : now);
}

type RowsProps = {
  readonly title: string;
  readonly count: number;
  readonly least: number;
  readonly readOnly: boolean;
  readonly add: string;
  readonly nameOf: (at: number) => string;
  readonly onAdd: () => void;
  readonly onRemove: (at: number) => void;
  readonly row: (at: number) => ReactNode;
};

function Rows({ title, count, least, readOnly, add, nameOf, onAdd, onRemove, row }: RowsProps) {
  return (
    <div className={styles.field} role="group" aria-label={title}>
      <span>{title}</span>
      <ul className={styles.plainList}>
        {Array.from({ length: count }, (_, at) => (
          <li key={at} className={styles.scaleRow}>
            {row(at)}
            <IconButton
              label={`Remove “${nameOf(at).slice(0, 80)}”`}
              icon={<X size={13} aria-hidden />}
              disabled={readOnly || count <= least}
              onClick={() => onRemove(at)}
            />
          </li>
        ))}
      </ul>
      <span>
        <Button icon={<Plus size={13} aria-hidden />} disabled={readOnly || count >= MOST} onClick={onAdd}>
          {add}
        </Button>
      </span>
    </div>
  );
}

type NumberProps = {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: number;
  readonly readOnly: boolean;
  readonly onCommit: (value: number) => void;
};

function NumberField({ label, hideLabel = false, value, readOnly, onCommit }: NumberProps) {
  const [wrong, setWrong] = useState<string | null>(null);
  return (
    <span className={styles.numberField}>
      <CommitField
        label={label}
        hideLabel={hideLabel}
        required
        maxLength={40}
        value={String(value)}
        readOnly={readOnly}
        onCommit={(text) => {
          const found = numberIn(text);
          setWrong(found === null ? text : null);
          if (found !== null) onCommit(found);
        }}
      />
      {wrong !== null && (
        <span role="alert" className={styles.wrong}>
          “{wrong.slice(0, 40)}” is no number.
        </span>
      )}
    </span>
  );
}
