/** A shell script as a command: what is appended to it is `$1` and the following. */
export function shell(...lines: string[]): string[] {
    return ["sh", "-c", lines.join("\n"), "sh"];
}

/** `$cores`: the whole cores of the engine, at least one. Libraries count the cores of the host, and do not see the engine's limit. */
export const countCores = "cores=$((CDSW_CPU_MILLICORES / 1000)); [ $cores -ge 1 ] || cores=1";

// A signal ends the wait, not the job. A shell that has said all of a job answers 127.
const awaitJob = [
    "wait $job; code=$?",
    "while [ $code -gt 128 ]; do",
    "    wait $job; last=$?",
    "    [ $last -ne 127 ] || break",
    "    code=$last",
    "    kill -0 $job 2>/dev/null || break",
    "done",
].join("\n");

/** Runs a program in the background, ends with its exit code, and passes on a request to stop. */
export function runJob(program: string): string {
    return [`${program} &`, "job=$!", "trap 'kill -TERM $job' TERM", awaitJob, "exit $code"].join("\n");
}

/** Runs a program that is to run until it is stopped: if it ends before, again, so many times in all. */
export function runAgain(program: string, times: number): string {
    return [
        "trap 'stopped=yes; kill -TERM $job' TERM",
        `for try in $(seq ${times}); do`,
        `    ${program} &`,
        "    job=$!",
        awaitJob,
        '    [ -z "$stopped" ] || break',
        "done",
        "exit $code",
    ].join("\n");
}
