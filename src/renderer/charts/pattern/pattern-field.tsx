/** A pattern as text and as a drawing, each following the other as it is typed or drawn. */
import { useId, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { Bot, Redo2, ShieldCheck, Spline, Trash2, Undo2, UserRound, Wrench } from 'lucide-react';
import type { PatternVocabulary } from '#shared/pattern-complete.ts';
import type { PatternDrawing, PatternNode } from '#shared/pattern-drawing.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { addNode, freshName, keyOf, looseOf, nodeTitle, removeEdge, removeNode, whyNot } from './edit.ts';
import { EdgeForm, NodeForm } from './pattern-forms.tsx';
import { PatternCanvas } from './pattern-canvas.tsx';
import { PatternText } from './pattern-text.tsx';
import { usePattern } from './use-pattern.ts';
import styles from './pattern.module.css';

/** What is edited on the canvas: a node by its names, an arrow by its place among the steps. */
export type Chosen =
  { readonly type: 'node'; readonly key: string } | { readonly type: 'edge'; readonly order: number };

type Props = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly known: PatternVocabulary;
  readonly readOnly?: boolean;
  readonly invalid?: boolean;
  readonly describedBy?: string | undefined;
  /** Above the text. */
  readonly heading?: ReactNode;
  readonly onEnter?: () => void;
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null>;
};

export function PatternField(props: Props) {
  const { id, value, known, readOnly = false } = props;
  const pattern = usePattern(value, props.onChange);
  const { drawing, behind } = pattern;
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [arrow, setArrow] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const nameField = useId();
  const locked = readOnly || behind;
  const node = chosen?.type === 'node' ? drawing.nodes.find((each) => keyOf(each) === chosen.key) : undefined;
  const edge = chosen?.type === 'edge' ? drawing.edges.find(({ order }) => order === chosen.order) : undefined;
  const loose = looseOf(drawing);

  function add(kind: PatternNode['kind'], name: string | null): void {
    const added = addNode(drawing, kind, name === null ? [] : [{ text: name, like: false }]);
    if (added.drawing === drawing) setSaid('That one is drawn already.');
    else {
      pattern.draw(added.drawing);
      setSaid(`${name === null ? 'Anyone' : `The ${kind} ${name}`} was added. Draw an arrow to or from it.`);
    }
    setChosen({ type: 'node', key: added.key });
    if (name !== null) requestAnimationFrame(() => selectAll(nameField));
  }
  function draw(next: PatternDrawing): void {
    setSaid('');
    pattern.draw(next);
  }
  function remove(): void {
    if (node) draw(removeNode(drawing, node.id));
    else if (edge) draw(removeEdge(drawing, edge.order));
    setChosen(null);
  }
  function step(by: (() => void) | null): void {
    by?.();
    setChosen(null);
    setArrow(null);
  }
  function pressUndo(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    event.stopPropagation();
    step(event.shiftKey ? pattern.redo : pattern.undo);
  }
  const begin = (): void => {
    if (!node) return;
    const reason = whyNot(drawing, node);
    setArrow(reason === null ? keyOf(node) : null);
    setSaid(reason ?? `Arrow from ${nodeTitle(node)}: choose where it leads.`);
  };

  return (
    <div className={styles.field}>
      <div className={styles.sides}>
        <div className={styles.textSide}>
          {props.heading}
          <PatternText
            id={id}
            label={props.label}
            value={value}
            known={known}
            readOnly={readOnly}
            problems={value.trim() === '' ? [] : pattern.problems}
            invalid={props.invalid ?? false}
            describedBy={props.describedBy}
            onChange={(text) => {
              setSaid('');
              pattern.type(text);
            }}
            onEnter={props.onEnter}
            fieldRef={props.fieldRef}
          />
        </div>
        <section className={styles.canvas} aria-label="Canvas" data-locked={behind || undefined} onKeyDown={pressUndo}>
          <div className={styles.tools} role="toolbar" aria-label="Draw">
            <Button
              icon={<Bot size={13} aria-hidden />}
              disabled={locked}
              title="Add an agent"
              onClick={() => add('agent', freshName(drawing, 'agent', known.agents))}
            >
              Agent
            </Button>
            <Button
              icon={<Wrench size={13} aria-hidden />}
              disabled={locked}
              title="Add a tool"
              onClick={() => add('tool', freshName(drawing, 'tool', known.tools))}
            >
              Tool
            </Button>
            <Button
              icon={<UserRound size={13} aria-hidden />}
              disabled={locked}
              title="Add whoever it is"
              onClick={() => add('agent', null)}
            >
              Anyone
            </Button>
            {known.guardrails.length > 0 && (
              <Button
                icon={<ShieldCheck size={13} aria-hidden />}
                disabled={locked}
                title="Add a guardrail"
                onClick={() => add('guardrail', freshName(drawing, 'guardrail', known.guardrails))}
              >
                Guardrail
              </Button>
            )}
            <span className={styles.toolsEnd}>
              <IconButton
                label="Draw an arrow from it"
                keys="c"
                icon={<Spline size={14} aria-hidden />}
                disabled={locked || !node}
                pressed={arrow !== null}
                onClick={begin}
              />
              <IconButton
                label="Take away"
                keys="delete"
                icon={<Trash2 size={14} aria-hidden />}
                disabled={locked || (!node && !edge)}
                onClick={remove}
              />
              <IconButton
                label="Undo in the drawing"
                icon={<Undo2 size={14} aria-hidden />}
                disabled={readOnly || pattern.undo === null}
                onClick={() => step(pattern.undo)}
              />
              <IconButton
                label="Redo in the drawing"
                icon={<Redo2 size={14} aria-hidden />}
                disabled={readOnly || pattern.redo === null}
                onClick={() => step(pattern.redo)}
              />
            </span>
          </div>
          <div className={styles.sheet}>
            {drawing.nodes.length === 0 ? (
              <p className={styles.hint}>Add who takes part, then drag from one to another to draw what happens.</p>
            ) : (
              <PatternCanvas
                drawing={drawing}
                chosen={chosen}
                onChoose={setChosen}
                onDraw={draw}
                moved={pattern.moved}
                onMove={pattern.move}
                readOnly={locked}
                onSay={setSaid}
                arrow={arrow}
                onArrow={setArrow}
              />
            )}
          </div>
          {!readOnly && (
            <div className={styles.exact}>
              {!locked && node ? (
                <NodeForm
                  key={node.id}
                  fieldId={nameField}
                  node={node}
                  drawing={drawing}
                  known={known}
                  onDraw={draw}
                  onChoose={setChosen}
                />
              ) : !locked && edge ? (
                <EdgeForm edge={edge} drawing={drawing} onDraw={draw} onChoose={setChosen} />
              ) : (
                <p className={styles.hint}>
                  {behind ? 'Mend the text to draw on.' : 'Choose one, or an arrow, to say it exactly.'}
                </p>
              )}
            </div>
          )}
          <p className={styles.said} role="status">
            {behind
              ? `Not drawn: ${notDrawn(value, pattern.problems)} The drawing shows the text before, and waits.`
              : said !== ''
                ? visibleString(said.slice(0, 300))
                : loose.length > 0
                  ? `${loose.length === 1 ? 'One stands' : `${loose.length} stand`} alone, and ${loose.length === 1 ? 'is' : 'are'} in the pattern once an arrow leads there.`
                  : drawing.edges.length > 1
                    ? 'The numbers are the order in which it happens.'
                    : ''}
          </p>
        </section>
      </div>
    </div>
  );
}

/** What the text says that has no place in the drawing. */
function notDrawn(text: string, problems: readonly { readonly from: number; readonly to: number }[]): string {
  const parts = problems.slice(0, 3).map(({ from, to }) => `“${text.slice(from, Math.min(to, from + 60))}”`);
  return `${visibleString(parts.join(', '))}${problems.length > 3 ? ` and ${problems.length - 3} more` : ''}.`;
}

function selectAll(id: string): void {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}
