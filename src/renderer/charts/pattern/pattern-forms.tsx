/** What is chosen on the canvas, to be said exactly: the names of a node; the verb, times and place of an arrow. */
import { useId, useState } from 'react';
import { ArrowDown, ArrowLeftRight, ArrowUp } from 'lucide-react';
import type { PatternVocabulary } from '#shared/pattern-complete.ts';
import type { PatternDrawing, PatternEdge, PatternNode } from '#shared/pattern-drawing.ts';
import { PATTERN_VERBS, VERB_TEXTS, type PatternVerb } from '#shared/pattern.ts';
import { IconButton } from '../../widgets/button.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import {
  boundTimes,
  changeEdge,
  keyOf,
  mayBeNext,
  moveEdge,
  nodeTitle,
  printNodeNames,
  readNodeNames,
  renameNode,
} from './edit.ts';
import type { Chosen } from './pattern-field.tsx';
import styles from './pattern.module.css';

type Shared = {
  readonly drawing: PatternDrawing;
  readonly onDraw: (drawing: PatternDrawing) => void;
  readonly onChoose: (chosen: Chosen) => void;
};

export function NodeForm(
  props: Shared & { readonly node: PatternNode; readonly known: PatternVocabulary; readonly fieldId: string },
) {
  const { node, known, drawing } = props;
  const list = useId();
  /** Null = as it is drawn. */
  const [typed, setTyped] = useState<string | null>(null);
  const drawn = printNodeNames(node.names);
  const offers = node.kind === 'tool' ? known.tools : node.kind === 'guardrail' ? known.guardrails : known.agents;
  function take(): void {
    setTyped(null);
    const names = readNodeNames(typed ?? drawn);
    if (names === null || keyOf({ names }) === keyOf(node)) return;
    props.onDraw(renameNode(drawing, node.id, names));
    props.onChoose({ type: 'node', key: keyOf({ names }) });
  }
  return (
    <div className={styles.form}>
      <label htmlFor={props.fieldId}>
        {node.kind === 'agent' ? 'Agent' : node.kind === 'tool' ? 'Tool' : 'Guardrail'}
      </label>
      <input
        id={props.fieldId}
        type="text"
        className={styles.input}
        list={list}
        value={typed ?? drawn}
        maxLength={1_000}
        spellCheck={false}
        title="A name, several divided by “or”, a name with * for any text, or “anyone”"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          else if (event.key === 'Escape' && typed !== null) setTyped(null);
          else if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
          // Undo is that of this field while it has the focus.
          if (event.key === 'Enter' || event.key === 'Escape') event.preventDefault();
          event.stopPropagation();
        }}
      />
      <datalist id={list}>
        {offers.slice(0, 200).map((name) => (
          <option key={name} value={printNodeNames([{ text: name, like: false }])} />
        ))}
      </datalist>
    </div>
  );
}

type Often = { readonly label: string; readonly change: Partial<PatternEdge> };

const OFTEN: readonly Often[] = [
  { label: 'once or more', change: { never: false, least: 1, most: null } },
  { label: 'once', change: { never: false, least: 1, most: 1 } },
  { label: 'twice', change: { never: false, least: 2, most: 2 } },
  { label: '3 or more times', change: { never: false, least: 3, most: null } },
  { label: 'at most twice', change: { never: false, least: 0, most: 2 } },
  { label: 'never', change: { never: true, least: 1, most: null, next: false } },
];

export function EdgeForm({ edge, drawing, onDraw, onChoose }: Shared & { readonly edge: PatternEdge }) {
  const id = useId();
  const { order } = edge;
  const [own, setOwn] = useState<number | null>(null);
  const preset = OFTEN.findIndex(({ change }) =>
    edge.never ? change.never : !change.never && change.least === edge.least && change.most === edge.most,
  );
  const chosen = own === order && !edge.never ? -1 : preset;
  const name = (node: string): string =>
    visibleString(nodeTitle(drawing.nodes.find((each) => each.id === node) ?? { id: node, names: [], kind: 'agent' }));
  const change = (next: Partial<PatternEdge>): void => onDraw(changeEdge(drawing, order, next));
  function move(by: -1 | 1): void {
    onDraw(moveEdge(drawing, order, by));
    onChoose({ type: 'edge', order: order + by });
  }
  const to = drawing.nodes.find((each) => each.id === edge.to);
  return (
    <fieldset className={styles.form}>
      <legend className="visually-hidden">Step {order + 1}</legend>
      <span className={styles.who}>
        <b>{order + 1}</b>
        <bdi>{name(edge.from)}</bdi>
      </span>
      <select
        className={styles.input}
        aria-label="What happens"
        value={edge.verb}
        onChange={(event) => {
          const verb = PATTERN_VERBS.find((each) => each === event.target.value);
          if (verb) change({ verb });
        }}
      >
        {PATTERN_VERBS.map((verb: PatternVerb) => (
          <option key={verb} value={verb}>
            {VERB_TEXTS[verb]}
          </option>
        ))}
      </select>
      <span className={styles.who}>
        <bdi>{name(edge.to)}</bdi>
      </span>
      <select
        className={styles.input}
        aria-label="How often"
        value={chosen}
        onChange={(event) => {
          const often = OFTEN[Number(event.target.value)];
          setOwn(often ? null : order);
          change(often ? often.change : { never: false });
        }}
      >
        {OFTEN.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
        <option value={-1}>so many times…</option>
      </select>
      {chosen < 0 && (
        <span className={styles.times}>
          <label htmlFor={`${id}-least`}>at least</label>
          <input
            id={`${id}-least`}
            type="number"
            min={0}
            max={200}
            className={styles.input}
            value={edge.least}
            onChange={(event) => change(boundTimes(Number(event.target.value), edge.most))}
          />
          <label htmlFor={`${id}-most`}>at most</label>
          <input
            id={`${id}-most`}
            type="number"
            min={1}
            max={200}
            className={styles.input}
            placeholder="any"
            value={edge.most ?? ''}
            onChange={(event) => {
              const typed = event.target.value;
              change(boundTimes(edge.least, typed === '' ? null : Number(typed)));
            }}
          />
        </span>
      )}
      <label className={styles.switch} title="Nothing else is done by the same one between the step before and this">
        <input
          type="checkbox"
          checked={edge.next}
          disabled={!mayBeNext(drawing, edge)}
          onChange={(event) => change({ next: event.target.checked })}
        />
        immediately
      </label>
      <span className={styles.formEnd}>
        <IconButton
          label="Turn the arrow round"
          icon={<ArrowLeftRight size={13} aria-hidden />}
          disabled={to?.kind !== 'agent' || edge.from === edge.to}
          onClick={() => change({ from: edge.to, to: edge.from })}
        />
        <IconButton
          label="Earlier"
          icon={<ArrowUp size={13} aria-hidden />}
          disabled={order === 0}
          onClick={() => move(-1)}
        />
        <IconButton
          label="Later"
          icon={<ArrowDown size={13} aria-hidden />}
          disabled={order === drawing.edges.length - 1}
          onClick={() => move(1)}
        />
      </span>
    </fieldset>
  );
}
