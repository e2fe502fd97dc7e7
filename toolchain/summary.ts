import { Engine } from "../components";
import { capture } from "./progress";
import { projectFolder } from "./versions";

/** The address and the status of every engine of a stack, one a line; empty before its first `up`. */
export async function summarize(stack: string, env: NodeJS.ProcessEnv): Promise<string> {
    const { code, output } = await capture("pulumi", ["stack", "output", "--json", "--stack", stack], {
        env,
        cwd: projectFolder,
    });
    const { master, workers = [] } = (code === 0 ? JSON.parse(output) : {}) as { master?: Engine; workers?: Engine[] };
    if (master === undefined) {
        return "";
    }
    const engines = [master, ...workers];
    const width = Math.max(...engines.map(({ name }) => name.length));
    const lines = engines.map(({ name, ip, status, exitCode }) => {
        const end = exitCode === undefined ? "" : `, exit code ${exitCode}`;
        return `  ${name.padEnd(width)}  ${ip.padEnd(15)}  ${status}${end}`;
    });
    return [`The master's IP is ${master.ip}.`, ...lines].join("\n");
}
