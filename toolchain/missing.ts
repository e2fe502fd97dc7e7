/** Something that the project needs and does not have: one sentence that says what to do. */
export class Missing extends Error {}

/** The variable that switches all getting off. */
export const switchVariable = "DISTRIBUTED_SESSION_TOOLCHAIN";

/** Whether what is missing may be got. */
export function mayGet(): boolean {
    return process.env[switchVariable] !== "off";
}

/** Ends a step at once where nothing may be got. */
export function needLeave(sentence: string): void {
    if (!mayGet()) {
        throw new Missing(sentence);
    }
}
