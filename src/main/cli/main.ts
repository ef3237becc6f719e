// PLACEHOLDER until the command line is written: the build needs this entry.
console.error('The command line is not written yet.');
process.exitCode = 1;
