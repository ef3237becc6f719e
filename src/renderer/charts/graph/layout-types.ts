/** What the layout takes and gives: plain data, so that it crosses to a worker and back. Pixels, origin top left. */

/** `LR` = left to right, `TB` = top down. */
export type Direction = 'LR' | 'TB';

export type LayoutNode = {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Pixels to keep free on either side of it. */
  readonly gap: number;
  /** The team in whose frame it stands. */
  readonly team?: string | null;
};

export type LayoutEdge = {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** True for a return: it is laid out as the reverse of the call that it answers. */
  readonly back: boolean;
  /** How strongly it wants to be short and straight, 1 = usual. */
  readonly weight: number;
  /** 0 = no label. */
  readonly labelWidth: number;
};

/** Nodes and edges in an order that is the same for the same trace. */
export type LayoutInput = {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  /** Frames, outer ones first. */
  readonly teams?: readonly { readonly id: string; readonly parent: string | null }[];
  readonly style?: LayoutStyle;
};

/** `layered` = in layers along the direction of reading (the usual one), `force` = what belongs together is near. */
export type LayoutStyle = 'layered' | 'force';

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** A place at the end of an edge; `dx`, `dy` is the unit vector in which the edge runs there. */
export type Tip = { readonly x: number; readonly y: number; readonly dx: number; readonly dy: number };

export type PlacedEdge = {
  readonly key: string;
  /** SVG path data from source to target, ends at the node borders. */
  readonly path: string;
  readonly tail: Tip;
  readonly head: Tip;
  readonly label: Box | null;
  /** Where a mark or a popover belongs when there is no label. */
  readonly middle: { readonly x: number; readonly y: number };
};

export type Layout = {
  readonly direction: Direction;
  readonly style: LayoutStyle;
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: ReadonlyMap<string, PlacedEdge>;
  /** Frames of teams that have one to themselves: no other card is inside. */
  readonly teams: ReadonlyMap<string, Box>;
};

export type LayoutPair = { readonly [D in Direction]: Layout };
