/** Which category notes become: one that is there, or a new one, also of a new taxonomy. */
import { useId, useRef, useState } from 'react';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { folded } from '#shared/taxonomy.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { counted } from '../label-query.ts';
import { treeRows } from '../model/edit.ts';
import shared from '../taxonomies.module.css';
import { submitOnEnter } from '../submit-on-enter.ts';
import type { PromoteChoice } from './coding-acts.ts';

type Props = {
  readonly count: number;
  readonly taxonomies: readonly Taxonomy[];
  /** The taxonomy that was used last. */
  readonly preferred: string | null;
  /** A title for a new category. */
  readonly suggestion: string;
  readonly onPromote: (choice: PromoteChoice) => void;
  readonly onClose: () => void;
};

const NEW = '';
const NEW_TITLE = 'My categories';

export function PromoteDialog({ count, taxonomies, preferred, suggestion, onPromote, onClose }: Props) {
  const first = taxonomies.find(({ id }) => id === preferred) ?? taxonomies.find(({ title }) => title === NEW_TITLE);
  const [taxonomyId, setTaxonomyId] = useState(first?.id ?? NEW);
  const [taxonomyTitle, setTaxonomyTitle] = useState(NEW_TITLE);
  const taxonomy = taxonomies.find(({ id }) => id === taxonomyId) ?? null;
  const [code, setCode] = useState(() => like(first ?? null, suggestion) ?? NEW);
  const [title, setTitle] = useState(suggestion);
  const field = useRef<HTMLInputElement>(null);
  const select = useRef<HTMLSelectElement>(null);
  const form = useId();
  const rows = taxonomy ? treeRows(taxonomy.categories).filter(({ category }) => !category.retired) : [];
  const isKnown = rows.some(({ category }) => category.code === code);
  // A new one that is called like one that is there is that one.
  const category = isKnown ? code : like(taxonomy, title);
  const good = category !== null || (title.trim() !== '' && (taxonomy !== null || taxonomyTitle.trim() !== ''));

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Promote ${counted(count, 'note')} to a category`}
      initialFocus={isKnown ? select : field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={!good}>
            Promote
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={shared.dialogForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (!good) return;
          onPromote({ taxonomy, taxonomyTitle: taxonomyTitle.trim(), category, categoryTitle: title.trim() });
        }}
      >
        <label className={shared.field}>
          <span>Taxonomy</span>
          <select
            className={shared.input}
            value={taxonomyId}
            onKeyDown={submitOnEnter}
            onChange={(event) => {
              setTaxonomyId(event.target.value);
              const next = taxonomies.find(({ id }) => id === event.target.value) ?? null;
              setCode(like(next, title) ?? NEW);
            }}
          >
            <option value={NEW}>A new one…</option>
            {taxonomies.map((each) => (
              <option key={each.id} value={each.id}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
        {taxonomy === null && (
          <label className={shared.field}>
            <span>Title of the new taxonomy</span>
            <input
              type="text"
              className={shared.input}
              value={taxonomyTitle}
              maxLength={200}
              onChange={(event) => setTaxonomyTitle(event.target.value)}
            />
          </label>
        )}
        {rows.length > 0 && (
          <label className={shared.field}>
            <span>Category</span>
            <select
              ref={select}
              className={shared.input}
              value={isKnown ? code : NEW}
              onKeyDown={submitOnEnter}
              onChange={(event) => setCode(event.target.value)}
            >
              <option value={NEW}>A new one…</option>
              {rows.map(({ category: each, depth }) => (
                <option key={each.code} value={each.code}>
                  {`${'\u2003'.repeat(depth)}${each.title}`}
                </option>
              ))}
            </select>
          </label>
        )}
        {!isKnown && (
          <label className={shared.field}>
            <span>Title of the new category</span>
            <input
              ref={field}
              type="text"
              className={shared.input}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.target.value)}
            />
          </label>
        )}
        <p className={shared.dim}>Each note keeps its text and gets a label at its own place that refers to it.</p>
      </form>
    </Dialog>
  );
}

/** The code of the category that is called this. */
function like(taxonomy: Taxonomy | null, title: string): string | null {
  const wanted = folded(title);
  if (wanted === '' || !taxonomy) return null;
  return taxonomy.categories.find((each) => !each.retired && folded(each.title) === wanted)?.code ?? null;
}
