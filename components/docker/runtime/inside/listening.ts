import type { Docker } from "../../dockerode";
import { demultiplex } from "../logs";
import { runInside } from "./exec";

const listenState = "0A";

/** How long the reading may take: it never ends in a container that is paused in the middle of it. */
const readMs = 5000;

/**
 * The TCP ports that a container listens on, read from the kernel's list of its sockets: nothing connects, so a program that counts its
 * connections counts none. Undefined where nothing can run in the container, because it has ended, is about to, or is paused.
 */
export async function portsListening(docker: Docker, id: string, mostMs = readMs): Promise<Set<number> | undefined> {
    const chunks: Buffer[] = [];
    const command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
    const run = await runInside(docker, id, { command, mostMs, take: (chunk) => chunks.push(chunk) });
    if ("reason" in run) {
        return undefined;
    }
    const text = demultiplex(Buffer.concat(chunks));
    // In a container that is about to end, starting a program fails too, with the same exit codes.
    if (run.exitCode !== 0 && text.includes("executable file not found")) {
        throw new MissingCat();
    }
    return listeningPorts(text);
}

/** The image lacks `cat`, which the reading of ports needs. */
export class MissingCat extends Error {}

/**
 * The TCP ports in state LISTEN, read from the text of `/proc/net/tcp` and `/proc/net/tcp6`. A port of the loopback address alone does
 * not count: no other engine reaches it.
 */
export function listeningPorts(text: string): Set<number> {
    const ports = new Set<number>();
    for (const line of text.split("\n")) {
        // "  0: 00000000:1770 00000000:0000 0A ...": slot, local address and port in hex, remote, state.
        const [, local, , state] = line.trim().split(/\s+/);
        const [, address, port] = /^([0-9A-F]+):([0-9A-F]{4})$/.exec(local ?? "") ?? [];
        if (state === listenState && port !== undefined && !isLoopback(address!)) {
            ports.add(parseInt(port, 16));
        }
    }
    return ports;
}

/** 127.x.y.z, its form in IPv6, and ::1, each word with its last byte first. */
function isLoopback(address: string): boolean {
    return /^(0{16}F{4}0{4})?[0-9A-F]{6}7F$/.test(address) || address === "00000000000000000000000001000000";
}
