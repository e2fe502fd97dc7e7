import { Engine, Status } from "../components/model/outputs";
import { backendEnvironment } from "./backend";
import { capture } from "./progress";
import { projectFolder } from "./versions";

/** What the summary needs of a stack's outputs. */
interface StackOutputs {
    master?: Engine;
    workers?: Engine[];
    /** Of a library's cluster. */
    address?: string;
    dashboard?: string;
    /** Hidden: that there is one is what counts. */
    token?: string;
}

/** The address and the status of every engine of a stack, one a line; empty before its first `up`. */
export async function summarize(stack: string, env: NodeJS.ProcessEnv): Promise<string> {
    const { code, output } = await capture("pulumi", ["stack", "output", "--json", "--stack", stack], {
        env,
        cwd: projectFolder,
    });
    const { master, workers = [], address, dashboard, token } = (code === 0 ? JSON.parse(output) : {}) as StackOutputs;
    if (master === undefined) {
        return "";
    }
    const engines = [master, ...workers];
    const width = Math.max(...engines.map(({ name }) => name.length));
    const lines = engines.map(({ name, ip, status, exitCode }) => {
        const end = exitCode === undefined ? "" : `, exit code ${exitCode}`;
        return `  ${name.padEnd(width)}  ${ip.padEnd(15)}  ${status}${end}`;
    });
    // Nobody answers any more once the master has ended.
    const places =
        master.status !== Status.Running
            ? []
            : [
                  ...(address === undefined ? [] : [`Clients connect to ${address}.`]),
                  ...(dashboard === undefined ? [] : [`The dashboard is ${dashboard}.`]),
                  ...(token === undefined ? [] : [`Both ask for a token:\n  ${commandForToken(stack)}`]),
              ];
    return [`The master's IP is ${master.ip}.`, ...lines, ...places].join("\n");
}

/** The command that prints the token: Pulumi knows the state of `npm start` by variables alone. */
function commandForToken(stack: string): string {
    const variables = Object.entries(backendEnvironment()).map(([name, value]) => `${name}="${value}" `);
    return `${variables.join("")}pulumi stack output token --show-secrets --stack ${stack}`;
}
