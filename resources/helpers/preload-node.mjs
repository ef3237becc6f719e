/**
 * Reports what an unchanged app on the OpenAI Agents SDK does to Tracewright:
 *
 *   NODE_OPTIONS="--import file:///…/preload-node.mjs" TRACEWRIGHT_URL=http://127.0.0.1:4318 node app.js
 *
 * All copies of @openai/agents in a process, ES module or CommonJS or bundled, share one trace provider under a symbol of
 * the global object. This waits for it there; when no app brings it, nothing happens. What the app itself reports
 * elsewhere stays, unless TRACEWRIGHT_ONLY=1 says that Tracewright alone shall get the traces.
 */
import { TracewrightProcessor } from './tracewright-agents.mjs';

const PROVIDER = Symbol.for('openai.agents.core.traceProvider');
const BRAND = Symbol.for('tracewright.agents.processor');
const ATTACHED = Symbol.for('tracewright.agents.attached');

try {
  const existing = globalThis[PROVIDER];
  if (existing) attach(existing);
  else waitForProvider();
} catch {
  // A hardened runtime does not let us watch. The app matters more.
}

function waitForProvider() {
  let provider;
  Object.defineProperty(globalThis, PROVIDER, {
    configurable: true,
    get: () => provider,
    set: (given) => {
      provider = given;
      try {
        attach(given);
      } catch {
        // Another version of the SDK: the app runs as if we were not here.
      }
    },
  });
}

function attach(provider) {
  if (typeof provider?.setProcessors !== 'function' || provider[ATTACHED]) return;
  Object.defineProperty(provider, ATTACHED, { value: true });
  const ours = new TracewrightProcessor();
  const alone = process.env.TRACEWRIGHT_ONLY === '1';
  const set = provider.setProcessors.bind(provider);
  const register = provider.registerProcessor?.bind(provider);
  // Importing the SDK sets its own exporter, and an app may set others: we stay beside them.
  provider.setProcessors = (processors) => {
    if (alone) for (const each of processors) void each?.shutdown?.();
    if (!alone && processors.some((each) => each?.[BRAND])) ours.mute();
    set(alone ? [ours] : [...processors, ours]);
  };
  provider.registerProcessor = (processor) => {
    if (alone) return void processor?.shutdown?.();
    // An app that adds the helper itself has its own settings for it.
    if (processor?.[BRAND]) ours.mute();
    register?.(processor);
  };
  set([ours]);
}
