import * as fs from "node:fs";
import { ask, attempt, run } from "./command";
import { findProgram } from "./places";

/** Whether packages of the distribution can be installed: as root on Debian, Ubuntu and their like. */
export function canInstallPackages(): boolean {
    return process.getuid?.() === 0 && fs.existsSync("/etc/debian_version") && findProgram("apt-get") !== undefined;
}

/** Installs packages of the distribution, and removes none for it. */
export async function installPackages(packages: string[]): Promise<void> {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // Lists of another repository that cannot be read do not matter here: the install tells what does.
    await attempt("Reading the package lists", ["apt-get", "update"], { env });
    const known = [];
    for (const name of packages) if (await isKnown(name)) known.push(name);
    const names = known.join(" ");
    await run(
        `Installing ${names}`,
        ["apt-get", "install", "--yes", "--no-install-recommends", "--no-remove", ...known],
        `see why \`apt-get install ${names}\` does not work, or install it by hand.`,
        { env },
    );
}

/** Distributions cut the same software into different packages. */
async function isKnown(name: string): Promise<boolean> {
    const { stdout } = await ask(["apt-cache", "policy", name]);
    return /Candidate: (?!\(none\))/.test(stdout);
}

/** The Debian mirror that this machine uses, or the public one. */
export async function debianMirror(): Promise<string> {
    const publicMirror = "http://deb.debian.org/debian";
    if (findProgram("apt-get") === undefined) return publicMirror;
    const format = "$(REPO_URI) $(COMPONENT)";
    const { stdout } = await ask(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]);
    const uris = stdout.split("\n").flatMap((line) => (line.endsWith(" main") ? [line.slice(0, -" main".length)] : []));
    // By its path, since the lists that would name the origin may have been deleted.
    return uris.find((uri) => /^https?:\/\/.*\/debian\/?$/.test(uri)) ?? publicMirror;
}
