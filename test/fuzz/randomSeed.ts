/** With FUZZ_SEED, all random inputs are the same in every run; without it they are new ones. */
import fc from 'fast-check';

const seed = process.env.FUZZ_SEED;
if (seed !== undefined && seed !== '') fc.configureGlobal({ seed: Number(seed) });
