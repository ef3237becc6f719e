/**
 * Plain objects whose costly members are made when they are first read. They are members of their own like any others: for
 * templates, for JSON and for a copy to another thread.
 */
export function lazy<T extends object, K extends keyof T>(
  ready: Omit<T, K>,
  made: { readonly [P in K]: () => T[P] },
): T {
  const object: object = { ...ready };
  for (const name of Object.keys(made) as K[]) {
    Object.defineProperty(object, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = made[name]();
        Object.defineProperty(object, name, { enumerable: true, configurable: true, writable: false, value });
        return value;
      },
    });
  }
  return object as T;
}

/** Made when it is first asked for, and kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
