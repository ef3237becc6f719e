/** What a grader may be made from. */
export type DraftSource =
  | { readonly kind: 'span'; readonly traceId: string; readonly spanId: string }
  /** A good trace: others should do as it did. */
  | { readonly kind: 'trajectory'; readonly traceId: string }
  /** What people find in traces: the grader should find it, too. */
  | { readonly kind: 'category'; readonly taxonomy: string; readonly category: string }
  | { readonly kind: 'detector'; readonly id: string };
