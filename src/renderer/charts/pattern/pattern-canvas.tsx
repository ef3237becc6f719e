/**
 * The drawing itself. By mouse: press on a node and drag to another draws an arrow, by its icon (or with Shift) moves it;
 * a click selects. By keyboard: arrow keys go from one to the next, with Shift they move it, C begins an arrow, Enter ends
 * it where the keyboard is, Delete takes away.
 */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { PatternDrawing, PatternNode } from '#shared/pattern-drawing.ts';
import { printTimes, VERB_TEXTS } from '#shared/pattern.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { connect, keyOf, nodeTitle, removeEdge, removeNode, whyNot } from './edit.ts';
import {
  columnAt,
  columnLeft,
  LAST_COLUMN,
  layoutPattern,
  moveNode,
  NODE_HEIGHT,
  NODE_WIDTH,
  type MovedNodes,
  type PlacedEdge,
  type PlacedNode,
} from './layout.ts';
import { neighbour, type Way } from './neighbour.ts';
import type { Chosen } from './pattern-field.tsx';
import { EdgeLabel, EdgeLine, idOf, NodeBox } from './pattern-marks.tsx';
import styles from './pattern.module.css';

type Props = {
  readonly drawing: PatternDrawing;
  readonly chosen: Chosen | null;
  readonly onChoose: (chosen: Chosen | null) => void;
  readonly onDraw: (drawing: PatternDrawing) => void;
  readonly moved: MovedNodes;
  readonly onMove: (moved: MovedNodes) => void;
  readonly readOnly: boolean;
  /** Said to everybody, under the canvas. */
  readonly onSay: (sentence: string) => void;
  /** Key of the node from which an arrow is on its way. */
  readonly arrow: string | null;
  readonly onArrow: (key: string | null) => void;
};

const WAYS: Readonly<Record<string, Way>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** Pixels that the mouse moves before a press is a drag. */
const SLACK = 4;

/** The mouse on its way from a node: to another, or with `moves` to another place. */
type Drag = {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly moved: boolean;
  readonly moves: boolean;
};

export function PatternCanvas(props: Props) {
  const { drawing, chosen, onChoose, onDraw, moved: places, onMove, readOnly, onSay, arrow, onArrow } = props;
  const layout = useMemo(() => layoutPattern(drawing, places), [drawing, places]);
  const svg = useRef<SVGSVGElement>(null);
  const help = useId();
  /** Has the focus once it is drawn. */
  const pending = useRef<Chosen | null>(null);
  /** The mouse is down on a node: it is chosen when it comes up there, for what is shown of it moves the canvas. */
  const pressed = useRef(false);
  const [drag, setDrag] = useState<Drag | null>(null);
  const items = itemsOf(layout.nodes, layout.edges);
  const current = items.find((item) => chosen !== null && same(item.chosen, chosen)) ?? items[0];
  const nodeOf = (key: string | null): PatternNode | undefined => drawing.nodes.find((node) => keyOf(node) === key);
  const from = nodeOf(drag?.moved ? (drag.moves ? null : drag.key) : arrow);

  useEffect(() => {
    const element = pending.current && elementOf(svg.current, pending.current);
    if (!element) return;
    pending.current = null;
    element.focus();
  });

  function focus(next: Chosen): void {
    onChoose(next);
    elementOf(svg.current, next)?.focus();
  }
  function join(fromKey: string, toKey: string): void {
    const [a, b] = [nodeOf(fromKey), nodeOf(toKey)];
    onArrow(null);
    if (!a || !b) return;
    const reason = whyNot(drawing, a, b);
    if (reason !== null) {
      onSay(reason);
      return;
    }
    const made: Chosen = { type: 'edge', order: drawing.edges.length };
    onDraw(connect(drawing, a, b));
    onChoose(made);
    pending.current = made;
    onSay(`Step ${drawing.edges.length + 1}: ${nodeTitle(a)} to ${nodeTitle(b)}.`);
  }
  function begin(node: PatternNode): void {
    const reason = whyNot(drawing, node);
    if (reason !== null) return onSay(reason);
    onArrow(keyOf(node));
    onSay(`Arrow from ${nodeTitle(node)}: go to where it leads, then Enter. Escape leaves it.`);
  }
  function moveTo(node: PatternNode, column: number): void {
    const key = keyOf(node);
    const before = layout.nodes.find((each) => keyOf(each.node) === key)?.column;
    if (column < 0 || column > LAST_COLUMN) return onSay(`${nodeTitle(node)} stands at the edge.`);
    if (column === before) return;
    onMove(moveNode(layout, places, key, column));
    onSay(`${nodeTitle(node)} stands in column ${column + 1}.`);
  }
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const way = WAYS[event.key];
    const node = current.chosen.type === 'node' ? nodeOf(current.chosen.key) : undefined;
    if (event.shiftKey && node && !readOnly && (way === 'left' || way === 'right')) {
      const column = layout.nodes.find((each) => each.node === node)?.column ?? 0;
      moveTo(node, column + (way === 'left' ? -1 : 1));
    } else if (way !== undefined) {
      const next = neighbour(items, current, way, arrow !== null);
      if (next) focus(next.chosen);
    } else if (event.key === 'PageDown' || event.key === 'PageUp') {
      const step = event.key === 'PageDown' ? 1 : items.length - 1;
      const next = items[(items.indexOf(current) + step) % items.length];
      if (next) focus(next.chosen);
    } else if (event.key === 'Escape' && arrow !== null) {
      onArrow(null);
      onSay('No arrow was drawn.');
    } else if (event.key.toLowerCase() === 'c' && node && !readOnly) begin(node);
    else if ((event.key === 'Enter' || event.key === ' ') && node && arrow !== null) join(arrow, keyOf(node));
    else if (event.key === 'Enter' || event.key === ' ') onChoose(current.chosen);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && !readOnly) {
      if (node) onDraw(removeNode(drawing, node.id));
      else if (current.chosen.type === 'edge') onDraw(removeEdge(drawing, current.chosen.order));
      onChoose(null);
      onArrow(null);
      onSay('Taken away.');
      svg.current?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function place(event: PointerEvent): { readonly x: number; readonly y: number } {
    const box = svg.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }
  function under({ x, y }: { readonly x: number; readonly y: number }): PlacedNode | undefined {
    return layout.nodes.find(
      (each) => x >= each.x && x <= each.x + NODE_WIDTH && y >= each.y && y <= each.y + NODE_HEIGHT,
    );
  }
  const target = drag?.moved && !drag.moves ? under(drag) : undefined;
  const source = layout.nodes.find(({ node }) => keyOf(node) === drag?.key);
  const slot = drag?.moved && drag.moves && source ? columnLeft(layout, columnAt(layout, drag.x)) : null;

  return (
    <>
      <p id={help} className="visually-hidden">
        Arrow keys go from node to node and to the arrows above and below, Page Down to each in turn. C begins an arrow
        at a node, Enter ends it at another. Shift with the left or right arrow key moves a node. Delete takes away what
        is chosen.
      </p>
      <svg
        ref={svg}
        className={styles.svg}
        width={slot === null ? layout.width : Math.max(layout.width, slot + NODE_WIDTH + 18)}
        height={layout.height}
        role="group"
        aria-label="Drawing of the pattern"
        aria-describedby={help}
        tabIndex={-1}
        data-arrow={from !== undefined || undefined}
        onKeyDown={press}
        onPointerMove={(event) => {
          if (!drag) return;
          const at = place(event);
          const moved = drag.moved || Math.hypot(at.x - drag.x, at.y - drag.y) > SLACK;
          if (!moved) return;
          if (!drag.moved) svg.current?.setPointerCapture?.(event.pointerId);
          const node = nodeOf(drag.key);
          const reason = node && !drag.moves ? whyNot(drawing, node) : null;
          if (reason) {
            onSay(reason);
            setDrag(null);
          } else setDrag({ ...drag, moved, ...at });
        }}
        onPointerUp={(event) => {
          pressed.current = false;
          const at = place(event);
          const end = drag?.moved && !drag.moves ? under(at) : undefined;
          if (drag?.moved && drag.moves && source) {
            moveTo(source.node, columnAt(layout, at.x));
            onChoose({ type: 'node', key: drag.key });
          } else if (drag && end) join(drag.key, keyOf(end.node));
          setDrag(null);
        }}
        onPointerCancel={() => {
          pressed.current = false;
          setDrag(null);
        }}
        onPointerDown={(event) => {
          if (event.target === svg.current) onChoose(null);
        }}
      >
        {layout.edges.map((each) => (
          <EdgeLine
            key={each.edge.order}
            placed={each}
            chosen={chosen?.type === 'edge' && chosen.order === each.edge.order}
          />
        ))}
        {layout.edges.map((each) => {
          const own: Chosen = { type: 'edge', order: each.edge.order };
          return (
            <EdgeLabel
              key={each.edge.order}
              placed={each}
              title={edgeTitle(drawing, each)}
              chosen={chosen !== null && same(own, chosen)}
              focusable={current !== undefined && same(own, current.chosen)}
              onChoose={() => onChoose(own)}
            />
          );
        })}
        {layout.nodes.map((each) => {
          const key = keyOf(each.node);
          const own: Chosen = { type: 'node', key };
          return (
            <NodeBox
              key={key}
              placed={each}
              chosen={chosen !== null && same(own, chosen)}
              arrow={
                arrow === key
                  ? 'from'
                  : target === each || (arrow !== null && chosen !== null && same(own, chosen))
                    ? 'to'
                    : null
              }
              focusable={current !== undefined && same(own, current.chosen)}
              movable={!readOnly}
              onFocus={() => {
                if (!pressed.current) onChoose(own);
              }}
              onChoose={() => (arrow === null ? onChoose(own) : join(arrow, key))}
              onPress={(event) => {
                pressed.current = event.button === 0;
                if (readOnly || event.button !== 0 || arrow !== null) return;
                const grip = event.target instanceof Element && event.target.closest('[data-grip]') !== null;
                setDrag({ key, moved: false, moves: grip || event.shiftKey, ...place(event) });
              }}
            />
          );
        })}
        {slot !== null && source && (
          <rect className={styles.slot} x={slot} y={source.y} width={NODE_WIDTH} height={NODE_HEIGHT} rx={6} />
        )}
        {drag?.moved && !drag.moves && source && (
          <path
            className={styles.rubber}
            d={`M${source.x + NODE_WIDTH / 2} ${source.y + NODE_HEIGHT / 2}L${drag.x} ${drag.y}`}
          />
        )}
      </svg>
    </>
  );
}

type Item = { readonly chosen: Chosen; readonly x: number; readonly y: number };

function itemsOf(nodes: readonly PlacedNode[], edges: readonly PlacedEdge[]): readonly Item[] {
  return [
    ...nodes.map(({ node, x, y }): Item => ({
      chosen: { type: 'node', key: keyOf(node) },
      x: x + NODE_WIDTH / 2,
      y: y + NODE_HEIGHT / 2,
    })),
    ...edges.map(({ edge, label }): Item => ({ chosen: { type: 'edge', order: edge.order }, x: label.x, y: label.y })),
  ];
}

function same(a: Chosen, b: Chosen): boolean {
  return idOf(a) === idOf(b);
}

/** Undefined while it is not drawn. */
function elementOf(svg: SVGSVGElement | null, chosen: Chosen): SVGGElement | undefined {
  const all = svg?.querySelectorAll<SVGGElement>('[data-item]') ?? [];
  return [...all].find((element) => element.dataset.item === idOf(chosen));
}

/** As the text says it. */
function edgeTitle({ nodes }: PatternDrawing, { edge }: PlacedEdge): string {
  const name = (id: string): string =>
    nodeTitle(nodes.find((node) => node.id === id) ?? { id, names: [], kind: 'agent' }).slice(0, 200);
  const how = edge.never ? 'never ' : edge.next ? 'immediately ' : '';
  const times = edge.never ? '' : printTimes(edge.least, edge.most);
  const said = `${name(edge.from)} ${how}${VERB_TEXTS[edge.verb]} ${name(edge.to)} ${times}`.trimEnd();
  return visibleString(`Step ${edge.order + 1}: ${said}`);
}
