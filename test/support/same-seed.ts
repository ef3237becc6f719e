/** A red run should tell of a change, not of luck: properties meet the same values each time, unless FUZZ_RUNS asks for others. */
import fc from 'fast-check';

if (process.env.FUZZ_RUNS === undefined) fc.configureGlobal({ seed: 20_261_122 });
