import { TestSession, small } from "./session";

/** A master whose program launches work. */
export function employs(program: string) {
    return { ...small, code: `import cdsw, time\n${program}` };
}

/** Workers that wait for work. */
export function pool(n: number) {
    return { ...small, n };
}

/** The processes of an engine whose command line begins like this. */
export async function processesOf(session: TestSession, engine: string, beginning: string): Promise<number[]> {
    const text = await session.shell(
        engine,
        `for each in /proc/[0-9]*; do echo "\${each#/proc/} $(tr '\\0\\n' '  ' 2>/dev/null <$each/cmdline)"; done`,
    );
    return text
        .split("\n")
        .map((line) => /^(\d+) (.*)$/.exec(line.trim()))
        .filter((found) => found?.[2]!.startsWith(beginning))
        .map((found) => Number(found![1]));
}

/** Kills processes of an engine without warning. */
export async function killProcesses(session: TestSession, engine: string, beginning: string): Promise<void> {
    await session.shell(engine, `kill -KILL ${(await processesOf(session, engine, beginning)).join(" ")}`);
}
