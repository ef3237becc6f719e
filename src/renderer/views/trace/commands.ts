/** What can be done in an open trace; in the palette, the menu and the shortcut sheet while one is open. */
import { sessionOfAddress } from '#shared/session.ts';
import type { Command } from '../../commands/registry.ts';
import { askDataset } from '../../state/datasets.ts';
import { askExportOf } from '../../state/exports.ts';
import { go } from '../../state/place.ts';
import { makeRuleFrom } from '../../state/rule-draft.ts';
import { useSelection } from '../../state/selection.ts';
import { annotateCommands } from './annotations/annotate-commands.ts';
import { faultRows, useFaultMarks } from './faults/fault-marks.ts';
import { gradeCommands } from './grades/grade-commands.ts';
import type { Find } from './model/use-find.ts';
import type { SpanTree } from './model/use-span-tree.ts';
import { nextIn } from './model/walk.ts';
import { walkCommands } from './navigate.ts';

export type TraceActions = {
  readonly tree: SpanTree;
  readonly find: Find;
  readonly showTab: (tab: string) => void;
  readonly focusTree: () => void;
  readonly focusInspector: () => void;
  readonly copyTraceId: () => void;
};

/** `now` gives the newest state: the commands themselves are made once. */
export function traceCommands(now: () => TraceActions | null): readonly Command[] {
  function tree(act: (tree: SpanTree) => void): () => void {
    return () => {
      const actions = now();
      if (actions) act(actions.tree);
    };
  }
  function hasSelection(): boolean {
    return (now()?.tree.selected ?? -1) >= 0;
  }
  function hasErrors(): boolean {
    return (now()?.tree.table.errorRows.length ?? 0) > 0;
  }
  const group = 'Trace';
  return [
    {
      id: 'trace.error.next',
      title: 'Next error',
      group,
      keys: 'n',
      menu: 'Go',
      when: hasErrors,
      run: tree((one) => one.goToError(1)),
    },
    {
      id: 'trace.error.previous',
      title: 'Previous error',
      group,
      keys: 'p',
      menu: 'Go',
      when: hasErrors,
      run: tree((one) => one.goToError(-1)),
    },
    {
      id: 'trace.finding.next',
      title: 'Next finding',
      group,
      keys: 'f8',
      menu: 'Go',
      when: hasFindings,
      run: tree((one) => goToFinding(one, 1)),
    },
    {
      id: 'trace.finding.previous',
      title: 'Previous finding',
      group,
      keys: 'shift+f8',
      menu: 'Go',
      when: hasFindings,
      run: tree((one) => goToFinding(one, -1)),
    },
    ...walkCommands(() => now()?.tree ?? null),
    ...annotateCommands(() => now()?.tree ?? null),
    ...gradeCommands,
    { id: 'trace.find', title: 'Find in trace…', group, keys: 'f', menu: 'Edit', run: () => now()?.find.show() },
    {
      id: 'trace.find.typing',
      title: 'Find in trace, also while typing',
      group,
      keys: 'mod+f',
      run: () => now()?.find.show(),
    },
    {
      id: 'trace.find.next',
      title: 'Next match',
      group,
      keys: 'f3',
      when: () => (now()?.find.rows.length ?? 0) > 0,
      run: () => now()?.find.step(1),
    },
    {
      id: 'trace.find.previous',
      title: 'Previous match',
      group,
      keys: 'shift+f3',
      when: () => (now()?.find.rows.length ?? 0) > 0,
      run: () => now()?.find.step(-1),
    },
    {
      id: 'trace.sibling.next',
      title: 'Next sibling',
      group,
      keys: ']',
      when: hasSelection,
      run: tree((one) => one.goToSibling(1)),
    },
    {
      id: 'trace.sibling.previous',
      title: 'Previous sibling',
      group,
      keys: '[',
      when: hasSelection,
      run: tree((one) => one.goToSibling(-1)),
    },
    {
      id: 'trace.expand-all',
      title: 'Expand all spans',
      group,
      keys: '*',
      menu: 'View',
      run: tree((one) => one.expandAll()),
    },
    {
      id: 'trace.collapse-all',
      title: 'Collapse all spans',
      group,
      keys: '-',
      menu: 'View',
      run: tree((one) => one.collapseAll()),
    },
    {
      id: 'trace.subtree',
      title: 'Show only the selected subtree',
      group,
      keys: '.',
      menu: 'View',
      when: hasSelection,
      run: tree((one) => one.focusSubtree(one.selected)),
    },
    {
      id: 'trace.subtree.leave',
      title: 'Back to the tree around it',
      group,
      keys: ',',
      when: () => (now()?.tree.root ?? -1) >= 0,
      run: tree((one) => one.leaveSubtree()),
    },
    {
      id: 'trace.zoom',
      title: 'Zoom to the selected span',
      group,
      keys: 'z',
      menu: 'View',
      when: hasSelection,
      run: tree((one) => one.zoomTo(one.selected)),
    },
    {
      id: 'trace.zoom.out',
      title: 'Zoom out to the whole trace',
      group,
      keys: 'shift+z',
      menu: 'View',
      when: () => now()?.tree.zoomed ?? false,
      run: tree((one) => one.setRange(null)),
    },
    { id: 'trace.focus.tree', title: 'Go to the tree', group, keys: 't', run: () => now()?.focusTree() },
    { id: 'trace.focus.inspector', title: 'Go to the inspector', group, keys: 'i', run: () => now()?.focusInspector() },
    {
      id: 'trace.tab.graph',
      title: 'Show the graph',
      group,
      keys: 'g',
      menu: 'View',
      run: () => now()?.showTab('graph'),
    },
    {
      id: 'trace.tab.lanes',
      title: 'Show the lanes',
      group,
      keys: 'shift+l',
      menu: 'View',
      run: () => now()?.showTab('lanes'),
    },
    {
      id: 'trace.tab.flame',
      title: 'Show the flame chart',
      group,
      keys: 'shift+f',
      menu: 'View',
      run: () => now()?.showTab('flame'),
    },
    {
      id: 'trace.tab.log',
      title: 'Show the log',
      group,
      keys: 'shift+g',
      menu: 'View',
      run: () => now()?.showTab('log'),
    },
    {
      id: 'trace.tab.conversation',
      title: 'Show the conversation',
      group,
      keys: 'c',
      menu: 'View',
      run: () => now()?.showTab('conversation'),
    },
    {
      id: 'trace.rule',
      title: 'Make a rule from the selected span…',
      group: 'Rules',
      when: hasSelection,
      run: () => {
        const { traceId, spanId } = useSelection.getState();
        if (traceId !== null && spanId !== null) void makeRuleFrom(traceId, spanId);
      },
    },
    {
      id: 'trace.ledger',
      title: 'Ledger of this trace',
      group,
      menu: 'Go',
      when: () => isTrace(useSelection.getState().traceId),
      run: () => {
        const { traceId } = useSelection.getState();
        if (traceId !== null) go({ view: 'ledger', q: traceId });
      },
    },
    {
      id: 'trace.dataset',
      title: 'Add to dataset…',
      group: 'Datasets',
      keys: 'mod+shift+a',
      menu: 'Edit',
      run: () => {
        const { traceId } = useSelection.getState();
        if (traceId !== null) askDataset([traceId], '');
      },
    },
    {
      id: 'trace.export',
      title: 'Export this trace…',
      group: 'Export',
      keys: 'mod+e',
      menu: 'File',
      run: () => {
        const { traceId } = useSelection.getState();
        if (traceId !== null) askExportOf(traceId);
      },
    },
    { id: 'trace.copy-id', title: 'Copy the trace id', group, menu: 'Edit', run: () => now()?.copyTraceId() },
  ];
}

function hasFindings(): boolean {
  return useFaultMarks.getState().marks.size > 0;
}

/** To the next span at fault in the tree, around the end. */
function goToFinding(tree: SpanTree, direction: 1 | -1): void {
  const rows = faultRows(useFaultMarks.getState().marks, (id) => tree.table.rowOf(id));
  tree.goTo(nextIn(rows, tree.selected, direction));
}

/** A session is addressed like a trace, and has no ledger of its own. */
function isTrace(address: string | null): boolean {
  return address !== null && sessionOfAddress(address) === null;
}
