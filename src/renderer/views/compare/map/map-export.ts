/** The map as files: the picture as it is drawn, whole, and the figures as a table. */
import type { BehaviourMap, GroupShare } from '#shared/behaviour.ts';
import { savePicture, saveTable, type Cell, type Rows } from '../../../charts/save-picture.ts';

/** The picture is panned and zoomed: a copy that shows all of it at full size is what is written. */
export async function exportGraph(
  svg: SVGSVGElement,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  copy.querySelector('[data-content]')?.removeAttribute('transform');
  copy.setAttribute('aria-hidden', 'true');
  copy.style.position = 'fixed';
  copy.style.visibility = 'hidden';
  svg.after(copy);
  try {
    await savePicture(copy, 'behaviour-map', 'Behaviour map');
  } finally {
    copy.remove();
  }
}

export async function exportSequence(svg: SVGSVGElement): Promise<void> {
  await savePicture(svg, 'folded-sequence', 'Folded sequence');
}

export async function exportTable(map: BehaviourMap): Promise<void> {
  await saveTable(tableOf(map), 'behaviour-map');
}

/** A row for each node, edge and step and each group. */
export function tableOf(map: BehaviourMap): Rows {
  const head = [
    'what',
    'step',
    'from',
    'to',
    'kind',
    'group',
    'traces',
    'of',
    'share',
    'share_low',
    'share_high',
    'times',
    'passed',
    'judged',
    'pass_low',
    'pass_high',
    'cost_usd',
    'difference',
    'p_fisher',
    'p_adjusted',
  ];
  const figures = (share: GroupShare, group: number): Cell[] => [
    map.groups[group]?.label ?? '',
    share.runs,
    map.groups[group]?.runs ?? 0,
    share.share,
    share.range.low,
    share.range.high,
    share.times,
    share.passRate?.passed ?? null,
    share.passRate?.of ?? null,
    share.passRate?.range.low ?? null,
    share.passRate?.range.high ?? null,
    share.cost,
  ];
  const none = [null, null, null];
  return [
    head,
    ...map.nodes.flatMap(({ id, kind, groups }) =>
      groups.map((share, group) => ['node', null, id, null, kind, ...figures(share, group), ...none]),
    ),
    ...map.edges.flatMap(({ from, to, kind, groups, separates }) =>
      groups.map((share, group) => [
        'edge',
        null,
        from,
        to,
        kind,
        ...figures(share, group),
        ...(separates ? [separates.delta, separates.p, separates.pAdjusted] : none),
      ]),
    ),
    ...map.steps.flatMap(({ from, to, kind, groups }, step) =>
      groups.map((share, group) => ['step', step + 1, from, to, kind, ...figures(share, group), ...none]),
    ),
  ];
}
