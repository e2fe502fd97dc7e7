/** A call of the `pulumi` CLI. */
export interface Call {
    command: string;
    seconds: number;
}

const calls: Call[] = [];

export function recordCall(command: string, seconds: number): void {
    calls.push({ command, seconds });
}

/** The calls since the last time this was asked. */
export function takeCalls(): Call[] {
    return calls.splice(0);
}
