import * as pulumi from "@pulumi/pulumi";

/** Whether the Pulumi CLI runs the program as a process of its own, and not a process that uses the Automation API. */
export function isRunByCli(): boolean {
    return /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/.test(process.argv[1] ?? "");
}

/** Whether the program runs on Pulumi's mocks, where no engine exists. */
export function isOnMocks(): boolean {
    // Mocks of another copy of the SDK count too, so their class is known by its name.
    return pulumi.runtime.getMonitor()?.constructor.name === "MockMonitor";
}
