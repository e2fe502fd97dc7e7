import * as fs from "fs";
import * as path from "path";
import { backendEnvironment } from "./backend";
import { libraryImages } from "../components/libraries/images";
import { ensureDocker } from "./docker";
import { readUids, removeContainers, removeLeftovers, unlockStack } from "./interrupted";
import { ensureLibraryImage, imageLibraries } from "./libraryImage";
import { prepare } from "./prepare";
import { MissingPrerequisite } from "./prerequisites";
import { print } from "./progress";
import { backendOf, configuredStacks, existingStacks, imageLibraryOf, preservingFile } from "./stacks";
import { summarize } from "./summary";
import { projectFolder } from "./versions";

const defaultStack = "python";

const commands: Record<string, (args: string[]) => Promise<number>> = {
    /** `npm start [-- stack [flags of pulumi up]]`: installs what is missing and brings the stack up. */
    async start([stack = defaultStack, ...flags]) {
        requireConfigured(stack);
        const library = imageLibraryOf(stack);
        const libraries = library === undefined ? [] : [library];
        const env = await prepare({ backends: [backendOf(stack)], libraries });
        await unlockStack(stack, env);
        return preservingFile(stack, async () => {
            const up = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, ...flags];
            const code = (await pulumi(["stack", "select", "--create", stack], env)) || (await pulumi(up, env));
            print(code === 0 ? await summarize(stack, env) : `The stack ${stack} did not come up.`);
            print("\nTo remove everything: npm stop");
            return code;
        });
    },

    /** `npm stop [-- stack]`: removes a stack with everything that it has, or all stacks that `stacks/` configures. */
    async stop([stack]) {
        if (stack !== undefined) {
            requireConfigured(stack);
        }
        const existing = hasState() ? await existingStacks(await prepare({ backends: [] })) : [];
        const configured = configuredStacks();
        const own = existing.filter((name) => (stack === undefined ? configured.includes(name) : name === stack));
        const others = existing.filter((name) => !configured.includes(name));
        if (others.length > 0) {
            print(`Kept, because stacks/ does not configure them: ${others.join(", ")}.`);
        }
        if (own.length === 0) {
            print("There is nothing to stop.");
            return 0;
        }
        const env = await prepare({ backends: own.map((name) => backendOf(name)), engineImage: false });
        for (const name of own) {
            await unlockStack(name, env);
            const uids = await readUids(name, env);
            const code = await preservingFile(name, async () => {
                return (await destroy(name, uids, env)) || (await removeStack(name, env));
            });
            if (code !== 0) {
                return code;
            }
            await removeLeftovers(name, uids, env);
        }
        return 0;
    },

    /** `npm run image -- library`: builds the image of a library on the Docker host. */
    async image([name = ""]) {
        const library = imageLibraries.find((each) => each === name);
        if (library === undefined) {
            const known = imageLibraries.join(", ");
            throw new MissingPrerequisite(`There is no image of a library "${name}"; there are: ${known}.`);
        }
        await ensureLibraryImage(library, { ...process.env, ...(await ensureDocker()) });
        print(`The Docker host has ${libraryImages[library]}.`);
        return 0;
    },

    /** Installs what is missing, for the tests. */
    async prepare() {
        await prepare();
        print("Ready: Docker, Pulumi, its Docker plugin and the engine image.");
        return 0;
    },
};

function requireConfigured(stack: string): void {
    const configured = configuredStacks();
    if (!configured.includes(stack)) {
        throw new MissingPrerequisite(`There is no stack "${stack}" in stacks/; there are: ${configured.join(", ")}.`);
    }
}

/** Whether a stack of this project may exist: files of the state have none before the first `up`. */
function hasState(): boolean {
    const url = backendEnvironment().PULUMI_BACKEND_URL;
    return url === undefined || fs.existsSync(path.join(url.slice("file://".length), ".pulumi", "stacks"));
}

/** Destroys a stack; once more where a container that Pulumi does not know of may have been in the way. */
async function destroy(stack: string, uids: string[], env: NodeJS.ProcessEnv): Promise<number> {
    const run = () => pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack], env);
    let isInterrupted = false;
    const note = () => void (isInterrupted = true);
    process.on("SIGINT", note);
    const code = await run();
    process.off("SIGINT", note);
    // Ctrl-C means that nothing more is to be removed.
    if (code === 0 || isInterrupted) {
        return code;
    }
    await removeContainers(stack, uids, env);
    return run();
}

/** Removes an empty stack from the state, and leaves its file. */
function removeStack(stack: string, env: NodeJS.ProcessEnv): Promise<number> {
    return pulumi(["stack", "rm", "--yes", "--preserve-config", stack], env);
}

/** Runs the CLI on the user's terminal. */
async function pulumi(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
    const { execa } = await import("execa");
    // Ctrl-C reaches the CLI too, which ends in good order.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    const options = { cwd: projectFolder, env, extendEnv: false, stdio: "inherit", reject: false } as const;
    const { exitCode = 1 } = await execa("pulumi", args, { ...options, cleanup: false });
    process.off("SIGINT", wait);
    return exitCode;
}

async function main([name = "", ...args]: string[]): Promise<number> {
    const command = commands[name];
    if (command === undefined) {
        print(`usage: ${Object.keys(commands).join(" | ")}`);
        return 2;
    }
    try {
        return await command(args);
    } catch (error) {
        if (!(error instanceof MissingPrerequisite)) {
            throw error;
        }
        print(error.message);
        return 1;
    }
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
