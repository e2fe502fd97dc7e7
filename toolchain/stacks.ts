import * as fs from "fs";
import * as path from "path";
import { isDeepStrictEqual } from "util";
import { parse } from "yaml";
import { Backend } from "../components/model/args";
import { ImageLibrary, imageLibraries } from "./libraryImage";
import { MissingPrerequisite } from "./prerequisites";
import { capture } from "./progress";
import { projectFolder } from "./versions";

const folder = path.join(projectFolder, "stacks");

/** What the toolchain reads of a stack's file. */
interface StackFile {
    encryptionsalt?: string;
    config?: Record<string, unknown>;
}

/** The stacks that a folder has a configuration for. */
export function configuredStacks(stacks = folder): string[] {
    return fs.readdirSync(stacks).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** Where the engines of a stack run, by its configuration. */
export function backendOf(stack: string, stacks = folder): Backend {
    const { config } = read(fileOf(stack, stacks));
    const given = config?.["distributed-session:backend"];
    return Object.values(Backend).find((backend) => backend === given) ?? Backend.Docker;
}

/** The library that a stack runs a cluster of, if it has an image of its own. */
export function imageLibraryOf(stack: string, stacks = folder): ImageLibrary | undefined {
    const { config } = read(fileOf(stack, stacks));
    return imageLibraries.find((library) => library === config?.["distributed-session:library"]);
}

function fileOf(stack: string, stacks: string): string {
    return path.join(stacks, `Pulumi.${stack}.yaml`);
}

function read(file: string): StackFile {
    return (parse(fs.readFileSync(file, "utf8")) as StackFile | null) ?? {};
}

/** The stacks of the project in the backend of the state. */
export async function existingStacks(env: NodeJS.ProcessEnv): Promise<string[]> {
    const { code, output } = await capture("pulumi", ["stack", "ls", "--json"], { env, cwd: projectFolder });
    if (code !== 0) {
        throw new MissingPrerequisite(`Pulumi cannot list the stacks:\n${output.trimEnd()}`);
    }
    return (JSON.parse(output) as { name: string }[]).map(({ name }) => name);
}

/**
 * Runs an action, and leaves the file of the stack as it was: the CLI adds the salt of the passphrase, which a stack without secrets
 * does not need.
 */
export async function preservingFile<T>(stack: string, action: () => Promise<T>, stacks = folder): Promise<T> {
    const file = fileOf(stack, stacks);
    const [text, before] = [fs.readFileSync(file, "utf8"), read(file)];
    try {
        return await action();
    } finally {
        const { encryptionsalt, ...after } = read(file);
        if (encryptionsalt !== undefined && isDeepStrictEqual(after, before)) {
            fs.writeFileSync(file, text);
        }
    }
}
