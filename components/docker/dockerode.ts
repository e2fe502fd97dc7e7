// By require: this form compiles in a user's program with and without esModuleInterop, and an import of the default does not.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import Docker = require("dockerode");

/** The client of the Docker Engine API. */
export { Docker };
