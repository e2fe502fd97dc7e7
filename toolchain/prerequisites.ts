/** Something that the project needs and the machine lacks. The message says what to do. */
export class MissingPrerequisite extends Error {}

/** `off` forbids the toolchain to download, build, install or start anything. */
export const switchVariable = "DISTRIBUTED_SESSION_TOOLCHAIN";

/** Whether the toolchain may download, build, install and start what is missing. */
export function mayInstall(): boolean {
    return process.env[switchVariable] !== "off";
}

/** Fails with this message where nothing may be installed. */
export function requirePermission(message: string): void {
    if (!mayInstall()) {
        throw new MissingPrerequisite(message);
    }
}
