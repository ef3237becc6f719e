import { at, u8 } from '../at.ts';
import { formatDuration } from '#shared/time.ts';
import { knownTime } from '../tree.ts';
import { amount } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const orphanWork: Detector = {
  id: 'orphan-work',
  title: 'Orphan work',
  definition:
    'Work that nobody in the trace asked for or waited for: spans whose parent never arrived (one finding for each missing parent), and agents that were called and went on for `seconds` or more after their caller had ended.',
  parameters: { seconds: amount(1, 0, 86_400, 'Seconds worked on after the caller') },
  weight: 1,
  detect(inquiry, parameter) {
    return [...missingParents(inquiry), ...outlived(inquiry, parameter('seconds') * 1e9)];
  },
};

function missingParents({ scene: { spans, tree, order, agents } }: Inquiry): Found[] {
  const groups = new Map<string, number[]>();
  for (const i of order) {
    const { parentId } = at(spans, i);
    if (parentId === null || u8(tree.missingParent, i) === 0) continue;
    const group = groups.get(parentId);
    if (group) group.push(i);
    else groups.set(parentId, [i]);
  }
  return [...groups.values()].flatMap((group): Found[] => {
    const [first] = group;
    const count = group.reduce((sum, i) => sum + (tree.subtreeEnd[i] ?? 0) - (tree.row[i] ?? 0), 0);
    if (first === undefined) return [];
    return [
      {
        severity: 'low',
        spans: group,
        agent: at(agents.names, first),
        reason: `${count} ${count === 1 ? 'span hangs' : 'spans hang'} below a parent that never arrived.`,
      },
    ];
  });
}

function outlived({ scene: { spans, stays } }: Inquiry, slack: number): Found[] {
  return stays.flatMap((stay): Found[] => {
    if (stay.caller < 0 || stay.running || !Number.isFinite(stay.end)) return [];
    const caller = at(stays, stay.caller);
    const end = knownTime(at(spans, caller.root).end);
    if (at(spans, caller.root).kind !== 'agent' || caller.running || end === null || stay.end - end < slack) return [];
    return [
      {
        severity: 'medium',
        spans: [stay.root, caller.root],
        agent: caller.name,
        reason: `${stay.name} worked on for ${formatDuration(stay.end - end)} after ${caller.name}, which had called it, was done.`,
      },
    ];
  });
}
