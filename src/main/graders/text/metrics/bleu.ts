/** Sentence BLEU and GLEU as NLTK defines them. OpenAI does not say how it smooths: method4 is the one of Azure's evaluator. */
import { sharedNgrams, type Shared } from './ngrams.ts';

export const SMOOTHINGS = ['method4', 'none', 'method1', 'method2', 'method3', 'method7'] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

const ORDERS = 4;
/** What stands for 0 without smoothing, so that there is a logarithm: the smallest normal number. */
const LEAST = 2.2250738585072014e-308;

/** Papineni 2002 with n = 1 to 4 of equal weight, against one reference. */
export function bleu(input: readonly string[], reference: readonly string[], smoothing: Smoothing): number {
  const shared = sharedNgrams(input, reference, ORDERS + 1);
  if (input.length === 0 || (shared[0]?.both ?? 0) === 0) return 0;
  const precisions = smooth(shared, smoothing, input.length);
  const brevity = input.length > reference.length ? 1 : Math.exp(1 - reference.length / input.length);
  return brevity * Math.exp(precisions.reduce((sum, each) => sum + Math.log(each) / ORDERS, 0));
}

function smooth(shared: readonly Shared[], smoothing: Smoothing, length: number): readonly number[] {
  const counts = shared.map(({ both, input }) => ({ both, total: Math.max(1, input) }));
  const plain = counts.map(({ both, total }) => both / total);
  const orders = counts.slice(0, ORDERS);
  let zeros = 0;
  if (smoothing === 'none') return orders.map(({ both, total }) => (both === 0 ? LEAST : both / total));
  if (smoothing === 'method1') return orders.map(({ both, total }) => (both === 0 ? 0.1 : both) / total);
  if (smoothing === 'method2')
    return orders.map(({ both, total }, at) => (at === 0 ? both / total : (both + 1) / (total + 1)));
  if (smoothing === 'method3')
    return orders.map(({ both, total }) => (both === 0 ? 1 / (2 ** ++zeros * total) : both / total));
  const fourth = orders.map(({ both, total }) => {
    if (both > 0 || length <= 1) return both === 0 ? LEAST : both / total;
    zeros += 1;
    return 1 / ((2 ** zeros * 5) / Math.log(length)) / total;
  });
  if (smoothing === 'method4') return fourth;
  // Each is the mean of itself and its neighbours, the one before already averaged.
  let before = (fourth[0] ?? 0) + 1;
  return fourth.map((each, at) => {
    before = (before + each + (at + 1 < ORDERS ? (fourth[at + 1] ?? 0) : (plain[ORDERS] ?? 0))) / 3;
    return before;
  });
}

/** Wu 2016: runs of 1 to 4 words all together; what is shared, of the text with more of them. */
export function gleu(input: readonly string[], reference: readonly string[]): number {
  let [both, ofInput, ofReference] = [0, 0, 0];
  for (const order of sharedNgrams(input, reference, ORDERS)) {
    both += order.both;
    ofInput += order.input;
    ofReference += order.reference;
  }
  const most = Math.max(ofInput, ofReference);
  return most === 0 ? 0 : both / most;
}
