import * as pulumi from "@pulumi/pulumi";
import { EngineSpec } from "./args";
import { map } from "./inputs";

/** The port on which the launcher in the master's engine serves the engines of the session. The packages in `engine/` know it too. */
export const launcherPort = 8099;

/** The variable with the key by which the engines of a session know each other. */
export const sessionKeyVariable = "CDSW_SESSION_KEY";

/** Whether workers run what the master launches, and no program of their own. */
export function isPool({ script, code, command }: EngineSpec): boolean {
    return script === undefined && code === undefined && command === undefined;
}

/** The master's program in a launcher, which starts no work before these ports listen. */
export function launcherCommand(
    ports: readonly number[],
    command: pulumi.Input<pulumi.Input<string>[]>,
): pulumi.Input<pulumi.Input<string>[]> {
    const awaited = ports.flatMap((port) => ["--port", String(port)]);
    return map(command, (program) => ["cdsw-launcher", ...awaited, "--", ...program]);
}

/** What an engine of a pool runs. In a session of services it waits for the next launcher when the master fails. */
export function agentCommand(isService: boolean): string[] {
    return ["cdsw-agent", ...(isService ? ["--stay"] : [])];
}
