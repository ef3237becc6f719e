/** Numbers for texts, the same for both traces: equal numbers, equal texts. Never 0, which stands for nothing. */
export type Symbols = (text: string) => number;

export function createSymbols(): Symbols {
  const known = new Map<string, number>();
  return (text) => {
    const number = known.get(text);
    if (number !== undefined) return number;
    known.set(text, known.size + 1);
    return known.size;
  };
}
