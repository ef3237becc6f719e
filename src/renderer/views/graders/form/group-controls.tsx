/** Lists and maps: items that are added, moved and taken away. */
import { Fragment, useState, type ReactNode } from 'react';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { blankOf, type Field } from './controls.ts';
import { useForm, type Path } from './form-context.ts';
import styles from './form.module.css';

/** More are edited as JSON. */
const MOST = 100;

export type RenderItem = (item: {
  readonly field: Field;
  readonly value: Json;
  readonly path: Path;
  readonly extra: ReactNode;
}) => ReactNode;

type ListProps = {
  readonly render: RenderItem;
  readonly title: string;
  readonly item: JsonObject;
  readonly value: Json;
  readonly path: Path;
};

export function ListControl({ render, title, item, value, path }: ListProps) {
  const { set, readOnly } = useForm();
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  function move(from: number, to: number): void {
    const next = [...items];
    const [taken] = next.splice(from, 1);
    if (taken !== undefined) next.splice(to, 0, taken);
    set(path, next);
  }
  const name = typeof item.title === 'string' ? item.title : singular(title);
  return (
    <div className={styles.list}>
      {items.slice(0, MOST).map((each, index) => (
        <Fragment key={index}>
          {render({
            field: { ...fieldFor(`${name} ${index + 1}`, item), about: '' },
            value: each,
            path: [...path, index],
            extra: !readOnly && (
              <span className={styles.itemButtons}>
                <IconButton
                  label={`Move ${name} ${index + 1} up`}
                  icon={<ArrowUp size={12} aria-hidden />}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                />
                <IconButton
                  label={`Move ${name} ${index + 1} down`}
                  icon={<ArrowDown size={12} aria-hidden />}
                  disabled={index === items.length - 1}
                  onClick={() => move(index, index + 1)}
                />
                <IconButton
                  label={`Take away ${name} ${index + 1}`}
                  icon={<X size={12} aria-hidden />}
                  onClick={() => set([...path, index], undefined)}
                />
              </span>
            ),
          })}
        </Fragment>
      ))}
      {items.length > MOST && (
        <p className={styles.about}>{formatCount(items.length - MOST)} more: edit them in the JSON.</p>
      )}
      <div>
        <Button
          icon={<Plus size={12} aria-hidden />}
          disabled={readOnly}
          onClick={() => set([...path, items.length], blankOf(item))}
        >
          {name}
        </Button>
      </div>
    </div>
  );
}

function fieldFor(title: string, schema: JsonObject): Field {
  const about = typeof schema.description === 'string' ? schema.description : '';
  return { key: title, schema, title, about, required: true };
}

function singular(title: string): string {
  return title.length > 3 && title.endsWith('s') && !title.endsWith('ss') ? title.slice(0, -1) : title;
}

type MapProps = {
  readonly render: RenderItem;
  readonly schema: JsonObject;
  readonly value: Json;
  readonly path: Path;
  /** Keys that have a field of their own. */
  readonly known: readonly string[];
};

export function MapControl({ render, schema, value, path, known }: MapProps) {
  const { set, readOnly } = useForm();
  const [name, setName] = useState('');
  const entries = isJsonObject(value) ? Object.entries(value).filter(([key]) => !known.includes(key)) : [];
  const free = name.trim() !== '' && !(isJsonObject(value) && Object.hasOwn(value, name.trim()));
  function add(): void {
    if (!free) return;
    set([...path, name.trim()], blankOf(schema));
    setName('');
  }
  return (
    <div className={styles.list}>
      {entries.slice(0, MOST).map(([key, each]) => (
        <Fragment key={key}>
          {render({
            field: fieldFor(key, schema),
            value: each,
            path: [...path, key],
            extra: !readOnly && (
              <IconButton
                label={`Take away ${key.slice(0, 80)}`}
                icon={<X size={12} aria-hidden />}
                onClick={() => set([...path, key], undefined)}
              />
            ),
          })}
        </Fragment>
      ))}
      <div className={styles.addRow}>
        <input
          type="text"
          className={styles.input}
          aria-label="Name of a new entry"
          placeholder="Name"
          value={name}
          readOnly={readOnly}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button icon={<Plus size={12} aria-hidden />} disabled={readOnly || !free} onClick={add}>
          Add
        </Button>
      </div>
    </div>
  );
}
