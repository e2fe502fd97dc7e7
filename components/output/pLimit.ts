// By require: this form compiles in a user's program with and without esModuleInterop, and an import of the default does not.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import pLimit = require("p-limit");

/** Lets so many parts run at a time, in the order in which they come. */
export { pLimit };
