/** What the map says of a node, an edge or a step, in words. */
import type { BehaviourEdge, BehaviourMap, BehaviourNode, GroupShare } from '#shared/behaviour.ts';
import { displayName, EDGE_WORDS } from '../../../../charts/graph/wording.ts';
import { formatCount } from '../../../../widgets/format.ts';

/** Which of two groups an edge leans to: by this much of the traces, or it counts as of both. */
export const LEAN = 0.15;
export type Lean = 'a' | 'b' | 'both';

export const LETTERS = ['A', 'B'] as const;

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return '<1 %';
  if (value > 99 && value < 100) return '>99 %';
  return `${Math.round(value)} %`;
}

export function leanOf({ groups }: { readonly groups: readonly GroupShare[] }): Lean {
  const [a, b] = groups;
  if (!a || !b) return 'both';
  const delta = b.share - a.share;
  return delta <= -LEAN ? 'a' : delta >= LEAN ? 'b' : 'both';
}

/** Of the group that has it most. */
export function mostShare({ groups }: { readonly groups: readonly GroupShare[] }): number {
  return groups.reduce((most, { share }) => Math.max(most, share), 0);
}

/** How often in a trace that has it, from 1.05 on; else empty. */
export function timesEach({ runs, times }: GroupShare): string {
  const mean = runs === 0 ? 0 : times / runs;
  return mean < 1.05 ? '' : `×${mean >= 9.95 ? formatCount(Math.round(mean)) : mean.toFixed(1)}`;
}

export function nodeName(node: Pick<BehaviourNode, 'kind' | 'name'>): string {
  return node.kind === 'user' ? 'User' : displayName(node.name) || '(no name)';
}

/** What nodes are called, by id; of a tool and an agent of one name, both say which. */
export function namesOf(map: Pick<BehaviourMap, 'nodes'>): (id: string) => string {
  const counts = new Map<string, number>();
  for (const node of map.nodes) counts.set(nodeName(node), (counts.get(nodeName(node)) ?? 0) + 1);
  const names = new Map(
    map.nodes.map((node) => {
      const name = nodeName(node);
      return [node.id, (counts.get(name) ?? 0) > 1 ? `${name} (${node.kind})` : name];
    }),
  );
  // A node beyond the bound is known by its id alone.
  return (id) => names.get(id) ?? displayName(id.replace(/^(?:agent|tool|guardrail):/, ''));
}

export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p > 0.995 ? '1' : p < 0.1 ? p.toFixed(3) : p.toFixed(2);
}

/** "In 25 of 40 traces (62 %, 95 % interval 47 to 76 %), 35 times in all". */
export function shareWords(share: GroupShare, of: number): string {
  const { low, high } = share.range;
  const range = of === 0 ? '' : `, 95 % interval ${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
  return `in ${formatCount(share.runs)} of ${formatCount(of)} traces (${percent(share.share)}${range}), ${formatCount(share.times)} ${share.times === 1 ? 'time' : 'times'} in all`;
}

function passWords({ passRate }: GroupShare): string {
  if (passRate === null) return 'no verdicts';
  const { passed, of, range } = passRate;
  return `${formatCount(passed)} of ${formatCount(of)} passed (${percent(passed / of)}, 95 % interval ${Math.round(range.low * 100)} to ${Math.round(range.high * 100)} %)`;
}

type Ends = Pick<BehaviourEdge, 'from' | 'to' | 'kind'>;

/** "Planner → search, tool call". */
export function edgeTitle(edge: Ends, nameOf: (id: string) => string): string {
  return `${nameOf(edge.from)} → ${nameOf(edge.to)}, ${EDGE_WORDS[edge.kind]}`;
}

/** For those who do not see the picture: all that its label and line say. */
export function sentence(
  title: string,
  groups: readonly GroupShare[],
  about: BehaviourMap['groups'],
  showsPass: boolean,
): string {
  const parts = groups.map((share, group) => {
    const of = about[group];
    const whose = groups.length > 1 ? `${displayName(of?.label ?? '')}: ` : '';
    return `${whose}${shareWords(share, of?.runs ?? 0)}${showsPass && share.passRate ? `; ${passWords(share)}` : ''}`;
  });
  return `${title}. ${parts.join('. ')}.`;
}

/** One plain sentence on what separates two groups. */
export function separationWords(edge: BehaviourEdge, about: BehaviourMap['groups']): string {
  const [a, b] = edge.groups;
  if (!a || !b || !edge.separates) return '';
  const [ofA, ofB] = about.map(({ runs }) => runs);
  const { delta, p, pAdjusted } = edge.separates;
  const [labelA = 'A', labelB = 'B'] = about.map(({ label }) => displayName(label));
  const figures = `${a.runs} of ${ofA ?? 0} in ${labelA}, ${b.runs} of ${ofB ?? 0} in ${labelB}`;
  if (delta === 0) return `As often in both groups: ${figures}.`;
  const more = delta > 0 ? labelB : labelA;
  const head = `More often in ${more}: ${figures}.`;
  if (pAdjusted < 0.05)
    return `${head} A difference like this is unlikely to be luck alone, also with all edges looked at.`;
  if (p < 0.05) return `${head} Taken alone it would stand out; of so many edges, one or another does by luck.`;
  return `${head} So few traces would show a difference like this by luck as well.`;
}

/** Edges in the order of the list: those that separate most first, else the commonest. */
export function rankEdges(map: BehaviourMap): readonly BehaviourEdge[] {
  return map.edges
    .map((edge, place) => ({ edge, place }))
    .sort(
      (x, y) =>
        (x.edge.separates?.pAdjusted ?? 1) - (y.edge.separates?.pAdjusted ?? 1) ||
        (x.edge.separates?.p ?? 1) - (y.edge.separates?.p ?? 1) ||
        Math.abs(y.edge.separates?.delta ?? 0) - Math.abs(x.edge.separates?.delta ?? 0) ||
        mostShare(y.edge) - mostShare(x.edge) ||
        x.place - y.place,
    )
    .map(({ edge }) => edge);
}
