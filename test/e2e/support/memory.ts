import * as fs from "fs";

/** The most memory that the program of a stack has had until now, in MiB; 0 where it does not run. */
export function mostMemory(stack: string): number {
    const programs = fs.readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isProgram(pid, stack));
    const sizes = programs.map((pid) => Number(/^VmHWM:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
    return Math.max(0, ...sizes) / 1024;
}

function isProgram(pid: string, stack: string): boolean {
    const command = read(`/proc/${pid}/cmdline`).split("\0");
    return command.some((part) => part.includes("@pulumi/pulumi/cmd/run")) && command.includes(stack);
}

function read(file: string): string {
    try {
        return fs.readFileSync(file, "utf8");
    } catch {
        // A process that has ended.
        return "";
    }
}
