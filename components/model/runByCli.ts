/** Whether the Pulumi CLI runs the program as a process of its own, and not a process that uses the Automation API. */
export function isRunByCli(): boolean {
    return /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/.test(process.argv[1] ?? "");
}
