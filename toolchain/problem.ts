/** A failure that is told to the user in one sentence, which says what to do about it. */
export class Problem extends Error {
    /**
     * @param message the sentence
     * @param output the last lines of the command that failed, if one did
     */
    constructor(
        message: string,
        readonly output: string[] = [],
    ) {
        super(message);
        this.name = "Problem";
    }

    /** The sentence, and the output below it. */
    override toString(): string {
        return [this.message, ...this.output.map((line) => `    ${line}`)].join("\n");
    }
}

/** The user asked to end (Ctrl-C) while a command ran. */
export class Interrupted extends Error {}

/** The variable that switches all getting off. */
export const toolchainVariable = "DISTRIBUTED_SESSION_TOOLCHAIN";

/** Whether missing things may be got. */
export function mayGet(): boolean {
    return process.env[toolchainVariable] !== "off";
}

/** Ends with the sentence where getting is switched off. Comes before everything that changes the machine. */
export function refuseWhereOff(sentence: string): void {
    if (!mayGet()) throw new Problem(sentence);
}
