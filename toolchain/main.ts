import { spawn } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { backendEnvironment } from "./backend";
import { freeStack, removeLeftovers } from "./interrupted";
import { Missing } from "./missing";
import { prepare } from "./prepare";
import { say } from "./progress";
import { backendOf, configuredStacks, existingStacks, keepingConfiguration } from "./stacks";
import { summarize } from "./summary";
import { projectFolder } from "./versions";

const defaultStack = "python";

const commands: Record<string, (args: string[]) => Promise<number>> = {
    /** `npm start [-- stack [flags of pulumi up]]`: gets what is missing and brings the stack up. */
    async start([stack = defaultStack, ...flags]) {
        if (!configuredStacks().includes(stack)) {
            throw new Missing(`There is no stack "${stack}" in stacks/; there are: ${configuredStacks().join(", ")}.`);
        }
        const env = await prepare({ backends: [backendOf(stack)] });
        await freeStack(stack, env);
        return keepingConfiguration(stack, async () => {
            const selected = await pulumi(["stack", "select", "--create", stack], env);
            const code =
                selected ||
                (await pulumi(
                    ["up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, ...flags],
                    env,
                ));
            say(code === 0 ? await summarize(stack, env) : "It did not come up.");
            say("\nTo remove it all: npm stop");
            return code;
        });
    },

    /** `npm stop [-- stack]`: removes a stack with all that it made, or all stacks. */
    async stop([stack]) {
        if (isUntouched()) {
            say("There is nothing to stop.");
            return 0;
        }
        const stacks = (await existingStacks(await prepare({ backends: [] }))).filter(
            (name) => stack === undefined || name === stack,
        );
        const env = await prepare({ backends: stacks.map(backendOf), engineImage: false });
        if (stacks.length === 0) {
            say("There is nothing to stop.");
        }
        for (const name of stacks) {
            await freeStack(name, env);
            const code = await keepingConfiguration(name, async () => {
                return (await pulumi(["destroy", "--yes", "--stack", name], env)) || (await forget(name, env));
            });
            if (code !== 0) {
                return code;
            }
            await removeLeftovers(name, env);
        }
        return 0;
    },

    /** Only gets what is missing: for the tests. */
    async prepare() {
        await prepare();
        say("Everything is there: Docker, Pulumi and its plugin, and the engine image.");
        return 0;
    },
};

/** Whether no stack of this project was ever made here. */
function isUntouched(): boolean {
    const url = backendEnvironment().PULUMI_BACKEND_URL;
    return url !== undefined && !fs.existsSync(path.join(url.slice("file://".length), ".pulumi", "stacks"));
}

function forget(stack: string, env: NodeJS.ProcessEnv): Promise<number> {
    return pulumi(["stack", "rm", "--yes", "--preserve-config", stack], env);
}

/** Runs the CLI on the user's terminal. */
function pulumi(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, { cwd: projectFolder, env, stdio: "inherit" });
        // Ctrl-C reaches the CLI too, which ends in its own good order.
        const wait = () => undefined;
        process.on("SIGINT", wait);
        child.on("error", reject);
        child.on("close", (code) => {
            process.off("SIGINT", wait);
            resolve(code ?? 1);
        });
    });
}

async function main([name = "", ...args]: string[]): Promise<number> {
    const command = commands[name];
    if (command === undefined) {
        say(`usage: ${Object.keys(commands).join(" | ")}`);
        return 2;
    }
    try {
        return await command(args);
    } catch (error) {
        if (!(error instanceof Missing)) {
            throw error;
        }
        say(error.message);
        return 1;
    }
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
