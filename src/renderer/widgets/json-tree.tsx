import { ChevronRight } from 'lucide-react';
import type { Json } from '#shared/json.ts';
import { moveInTree } from './json-tree-keys.ts';
import { jsonHolds, indexOfText, useOpenWithFind } from './find-text.ts';
import { formatBytes, formatCount } from './format.ts';
import { safeCut } from './text-chunks.ts';
import { TextView } from './text-view.tsx';
import { visibleString } from './visible-text.ts';
import styles from './json-tree.module.css';

const SHORT = 300;
/** More members than this come in groups that open one by one. */
const GROUP = 100;
/** Deeper members are written as text: a person does not click that far, and the page should not indent that far. */
const MAX_DEPTH = 200;

type Entry = readonly [key: string, value: Json];

type Props = {
  readonly value: Json;
  /** Levels that are open at first. Only small values are opened. */
  readonly openDepth?: number;
  /** Accessible name. */
  readonly label?: string;
};

/** JSON as a tree. Closed parts cost nothing, long strings are cut, big arrays and objects open in groups. */
export function JsonTree({ value, openDepth = 1, label = 'JSON' }: Props) {
  return (
    <div role="tree" aria-label={label} className={`${styles.tree} selectable`} onKeyDown={moveInTree}>
      <Node name={null} value={value} depth={0} openDepth={openDepth} first />
    </div>
  );
}

type NodeProps = {
  readonly name: string | null;
  readonly value: Json;
  readonly depth: number;
  readonly openDepth: number;
  readonly first?: boolean;
};

function Node({ name, value, depth, openDepth, first = false }: NodeProps) {
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) {
    return (
      <div
        role="treeitem"
        aria-level={depth + 1}
        tabIndex={first ? 0 : -1}
        className={styles.row}
        style={indent(depth)}
      >
        {name !== null && <Name name={name} />}
        <Scalar value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} depth={depth} openDepth={openDepth} first={first} />;
}

function Branch({
  name,
  value,
  depth,
  openDepth,
  first,
}: NodeProps & { readonly value: readonly Json[] | { readonly [key: string]: Json } }) {
  const isArray = Array.isArray(value);
  const size = isArray ? value.length : Object.keys(value).length;
  const [open, setOpen] = useOpenWithFind(depth < openDepth && size <= GROUP, (find) => jsonHolds(value, find));
  const brackets = isArray ? '[]' : '{}';
  return (
    <div
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={size > 0 ? open : undefined}
      tabIndex={first === true ? 0 : -1}
      className={styles.item}
    >
      <div data-row className={styles.row} style={indent(depth)} onClick={() => setOpen(!open)}>
        {size > 0 && <ChevronRight size={12} className={`${styles.chevron} ${open ? styles.open : ''}`} aria-hidden />}
        {name !== null && <Name name={name} />}
        <span className={styles.summary}>
          {size === 0
            ? brackets
            : `${brackets.charAt(0)} ${formatCount(size)} ${isArray ? (size === 1 ? 'item' : 'items') : size === 1 ? 'key' : 'keys'} ${brackets.charAt(1)}`}
        </span>
      </div>
      {open && size > 0 && (
        <div role="group">
          <Members value={value} depth={depth + 1} openDepth={openDepth} />
        </div>
      )}
    </div>
  );
}

function Members({
  value,
  depth,
  openDepth,
}: {
  readonly value: readonly Json[] | { readonly [key: string]: Json };
  readonly depth: number;
  readonly openDepth: number;
}) {
  const keys = Array.isArray(value) ? null : Object.keys(value);
  const size = keys?.length ?? (value as readonly Json[]).length;
  if (size <= GROUP)
    return membersOf(value, keys, 0, size).map(([key, member]) => (
      <Node key={key} name={key} value={member} depth={depth} openDepth={openDepth} />
    ));
  // At most GROUP groups a level: a million members are three levels.
  return <Groups value={value} keys={keys} from={0} to={size} depth={depth} openDepth={openDepth} />;
}

type GroupProps = {
  readonly value: readonly Json[] | { readonly [key: string]: Json };
  readonly keys: readonly string[] | null;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly openDepth: number;
};

function Groups(props: GroupProps) {
  const { from, to } = props;
  const size = to - from;
  if (size <= GROUP) {
    return membersOf(props.value, props.keys, from, to).map(([key, member]) => (
      <Node key={key} name={key} value={member} depth={props.depth} openDepth={props.openDepth} />
    ));
  }
  let step = GROUP;
  while (size / step > GROUP) step *= GROUP;
  const starts = Array.from({ length: Math.ceil(size / step) }, (_, index) => from + index * step);
  return starts.map((start) => <Group key={start} {...props} from={start} to={Math.min(start + step, to)} />);
}

function Group(props: GroupProps) {
  const [open, setOpen] = useOpenWithFind(false, (find) =>
    membersOf(props.value, props.keys, props.from, props.to).some(
      ([key, member]) => indexOfText(key, find) >= 0 || jsonHolds(member, find),
    ),
  );
  return (
    <div role="treeitem" aria-level={props.depth + 1} aria-expanded={open} tabIndex={-1} className={styles.item}>
      <div data-row className={styles.row} style={indent(props.depth)} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} className={`${styles.chevron} ${open ? styles.open : ''}`} aria-hidden />
        <span className={styles.summary}>
          {formatCount(props.from)} … {formatCount(props.to - 1)}
        </span>
      </div>
      {open && (
        <div role="group">
          <Groups {...props} depth={props.depth + 1} />
        </div>
      )}
    </div>
  );
}

function membersOf(
  value: GroupProps['value'],
  keys: readonly string[] | null,
  from: number,
  to: number,
): readonly Entry[] {
  if (keys === null)
    return (value as readonly Json[]).slice(from, to).map((member, index) => [String(from + index), member]);
  const object = value as { readonly [key: string]: Json };
  return keys.slice(from, to).map((key) => [key, object[key] ?? null]);
}

function Name({ name }: { readonly name: string }) {
  const cut = name.length > 120 ? `${name.slice(0, safeCut(name, 120))}…` : name;
  return (
    <span className={styles.name} title={cut === name ? undefined : name.slice(0, 2_000)}>
      {visibleString(cut)}
      <span className={styles.colon}>:</span>
    </span>
  );
}

function Scalar({ value }: { readonly value: Json }) {
  const [whole, setWhole] = useOpenWithFind(
    false,
    (find) => typeof value === 'string' && indexOfText(value, find) >= SHORT - find.length,
  );
  if (typeof value === 'string') {
    if (value.length <= SHORT && !value.includes('\n'))
      return <span className={styles.string}>&quot;{visibleString(value)}&quot;</span>;
    if (whole) {
      return (
        <span className={styles.block}>
          <button type="button" className={styles.more} onClick={() => setWhole(false)}>
            show less
          </button>
          <TextView text={value} />
        </span>
      );
    }
    return (
      <span className={styles.string}>
        &quot;{visibleString(value.slice(0, safeCut(value, SHORT)).replaceAll('\n', '↵ '))}
        {value.length > SHORT ? '…' : '"'}{' '}
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          show all ({formatBytes(value.length)})
        </button>
      </span>
    );
  }
  if (typeof value === 'object' && value !== null)
    return <span className={styles.summary}>too deep to show as a tree</span>;
  return <span className={value === null ? styles.null : styles.number}>{String(value)}</span>;
}

function indent(depth: number): { paddingLeft: string } {
  return { paddingLeft: `${Math.min(depth, 24) * 14 + 4}px` };
}
