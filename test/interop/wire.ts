/** What the wires of the model server share. */
export type Obj = { readonly [key: string]: unknown };

/** What the model decided: a tool call, or its last words. */
export type Move =
  { readonly call: string; readonly args: Obj } | { readonly say: string } | { readonly refuse: string };

export type Tool = { readonly name: string; readonly schema: Obj };

export type Reply = {
  readonly json: (status: number, body: unknown) => void;
  /** Server-sent events; a null event gives data lines only. */
  readonly events: (list: readonly { readonly event: string | null; readonly data: unknown }[]) => void;
};

export function asObj(value: unknown): Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Obj) : {};
}

export function asList(value: unknown): readonly Obj[] {
  return Array.isArray(value) ? value.map(asObj) : [];
}
