/** How long a daemon or an API server may be away: a restart, or a lost connection, is over by then. */
export const patienceMs = 30_000;

/** Nobody has answered for so long that it makes no sense to wait on. */
export class NoAnswer extends Error {
    constructor(
        /** Who has not, as the start of a sentence: `The Docker daemon`. */
        who: string,
        /** What was heard instead. */
        reason: string,
    ) {
        const fate = "The engines may run on; the next pulumi up looks after them again.";
        super(`${who} has not answered for ${patienceMs / 1000} s (${reason}). ${fate}`);
    }
}
