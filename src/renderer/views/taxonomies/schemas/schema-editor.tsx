/** One score schema: what is scored, on which scale, and which end is good. Every change is a version. */
import { useState } from 'react';
import { Trash2 } from 'lucide-react';
import type { AppError } from '#shared/result.ts';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { Button } from '../../../widgets/button.tsx';
import { CommitField } from '../commit-field.tsx';
import styles from '../taxonomies.module.css';
import { ScaleFields } from './scale-fields.tsx';
import { editSchema, removeSchema, type SchemaEdit } from './schema-acts.ts';
import { freshScale, SCALES, type Scale } from './scales.ts';

type Props = { readonly schema: ScoreSchema; readonly readOnly: boolean };

const DIRECTIONS: readonly { readonly id: ScoreSchema['direction']; readonly title: string }[] = [
  { id: 'maximise', title: 'More is better' },
  { id: 'minimise', title: 'Less is better' },
  { id: 'neutral', title: 'Neither is better' },
];

export function SchemaEditor({ schema, readOnly }: Props) {
  const { title, about, scale, direction } = schema;
  const [problem, setProblem] = useState<AppError | null>(null);

  async function save(what: string, edit: SchemaEdit): Promise<void> {
    setProblem(await editSchema(what, schema, edit));
  }
  const changeScale = (what: string, change: (scale: Scale) => Scale): void =>
    void save(what, (now) => ({ ...now, scale: change(now.scale) }));

  return (
    <div className={`${styles.editor} ${styles.scrolling}`}>
      <div className={styles.editorHead}>
        <CommitField
          label="Title of the score schema"
          hideLabel
          required
          value={title}
          readOnly={readOnly}
          className={styles.bigInput ?? ''}
          onCommit={(next) => void save('Score schema renamed', (now) => ({ ...now, title: next }))}
        />
        <span className={styles.buttons}>
          <Button
            icon={<Trash2 size={13} aria-hidden />}
            disabled={readOnly}
            title="One that ships with the app comes back as it ships"
            onClick={() => void removeSchema(schema)}
          >
            Remove
          </Button>
        </span>
      </div>
      <CommitField
        label="What the score says"
        hideLabel
        lines={3}
        value={about}
        readOnly={readOnly}
        maxLength={10_000}
        placeholder="What the score says, and how to choose it"
        className={styles.aboutInput ?? ''}
        onCommit={(next) => void save('Description changed', (now) => ({ ...now, about: next }))}
      />
      {problem && (
        <p className={styles.problem} role="alert">
          {problem.message}
        </p>
      )}
      <div className={styles.schemaFields}>
        <label className={styles.field}>
          <span>Scale</span>
          <select
            className={styles.input}
            value={scale.type}
            disabled={readOnly}
            onChange={(event) => {
              const found = SCALES.find(({ type }) => type === event.target.value);
              if (found) changeScale('Scale changed', () => freshScale(found.type));
            }}
          >
            {SCALES.map((each) => (
              <option key={each.type} value={each.type}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
        <ScaleFields scale={scale} readOnly={readOnly} onChange={changeScale} />
        <label className={styles.field}>
          <span>Which end is good</span>
          <select
            className={styles.input}
            value={direction}
            disabled={readOnly}
            onChange={(event) => {
              const found = DIRECTIONS.find(({ id }) => id === event.target.value);
              if (found) void save('Direction changed', (now) => ({ ...now, direction: found.id }));
            }}
          >
            {DIRECTIONS.map((each) => (
              <option key={each.id} value={each.id}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
        <p className={styles.dim}>Scores that were given stay as they were given, whatever changes here.</p>
      </div>
    </div>
  );
}
