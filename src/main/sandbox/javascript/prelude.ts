/**
 * Runs inside of QuickJS before the grader's source: gives it `console` and its globals, calls `grade(sample, item)`, and
 * turns what comes back into one JSON text. The source that follows may change every object in its context, so what is
 * used later is taken here; whatever it breaks all the same is its own answer.
 */
import { LONGEST_PRINTED, LONGEST_VALUE } from '../answers.ts';

export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { freeze, defineProperty, keys } = Object;
  const { isFinite } = Number;
  const text = String;
  const resolve = Promise.resolve.bind(Promise);
  const { then } = Promise.prototype;
  const apply = Reflect.apply;
  const { slice } = String.prototype;
  let printed = '';
  let outcome = '';

  function show(value) {
    if (typeof value === 'string') return value;
    try {
      const json = stringify(value);
      return json === undefined ? text(value) : json;
    } catch {
      return 'unreadable';
    }
  }
  function log(...values) {
    for (let at = 0; at < values.length && printed.length < ${LONGEST_PRINTED}; at++)
      printed += apply(slice, (at > 0 ? ' ' : '') + show(values[at]), [0, ${LONGEST_PRINTED}]);
    if (printed.length < ${LONGEST_PRINTED}) printed += '\\n';
  }
  defineProperty(globalThis, 'console', {
    value: freeze({ log, info: log, warn: log, error: log, debug: log }),
    writable: true,
    configurable: true,
  });

  function frozen(value) {
    if (typeof value !== 'object' || value === null) return value;
    for (const key of keys(value)) frozen(value[key]);
    return freeze(value);
  }
  function fail(message) {
    outcome = stringify({ ok: false, message, printed });
  }
  function describe(error) {
    try {
      if (typeof error === 'object' && error !== null && 'message' in error) {
        const where = typeof error.stack === 'string' ? error.stack.match(/grader\\.js:\\d+(:\\d+)?/) : null;
        return text(error.name) + ': ' + text(error.message) + (where ? ' (' + where[0] + ')' : '');
      }
      return 'It threw ' + show(error);
    } catch {
      return 'It threw something that cannot be read.';
    }
  }
  function finish(value) {
    if (typeof value === 'number' && !isFinite(value)) return fail('grade() returned ' + text(value) + ': a score is a finite number.');
    let json;
    try {
      json = stringify(value);
    } catch (error) {
      return fail('What grade() returned is no JSON: ' + describe(error));
    }
    if (json === undefined) return fail('grade() returned ' + typeof value + ': it must return a number.');
    if (json.length > ${LONGEST_VALUE}) return fail('What grade() returned is longer than ${LONGEST_VALUE / 1024} KB.');
    outcome = '{"ok":true,"value":' + json + ',"printed":' + stringify(printed) + '}';
  }

  return {
    begin(globals) {
      const values = parse(globals);
      for (const name of keys(values))
        defineProperty(globalThis, name, { value: frozen(values[name]), writable: true, configurable: true, enumerable: true });
    },
    call(own, exported, sample, item) {
      try {
        const named = exported === undefined ? own : exported.grade ?? exported.default ?? own;
        const grade = typeof named === 'object' && named !== null ? named.grade : named;
        if (typeof grade !== 'function')
          return fail('The source ' + (exported === undefined ? 'defines' : 'exports') + ' no function grade(sample, item).');
        const value = grade(parse(sample), parse(item));
        if (typeof value !== 'object' || value === null || typeof value.then !== 'function') return finish(value);
        apply(then, resolve(value), [finish, (error) => fail(describe(error))]);
      } catch (error) {
        fail(describe(error));
      }
    },
    outcome: () => outcome,
    describe,
    printed: () => printed,
  };
})()`;
