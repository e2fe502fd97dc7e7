import type Docker from "dockerode";

/** A container of a host that a test plays. */
export interface PlayedContainer {
    /** Lets it end, with this exit code. */
    end(exitCode: number): void;
}

/** A Docker host with running containers of these ids, which end when a test says so. */
export function hostWith(...ids: string[]): { docker: Docker; containers: Map<string, PlayedContainer> } {
    const containers = new Map<string, PlayedContainer & { handle: unknown }>();
    for (const id of ids) {
        let exitCode: number | undefined;
        let tell: () => void;
        const ended = new Promise<void>((resolve) => (tell = resolve));
        const handle = {
            inspect: () =>
                Promise.resolve({
                    State: {
                        Status: exitCode === undefined ? "running" : "exited",
                        Running: exitCode === undefined,
                        ExitCode: exitCode ?? 0,
                        StartedAt: "2024-01-01T00:00:00Z",
                    },
                    HostConfig: {},
                }),
            wait: () => ended.then(() => ({ StatusCode: exitCode })),
        };
        const end = (code: number) => {
            exitCode = code;
            tell();
        };
        containers.set(id, { end, handle });
    }
    const docker = { getContainer: (id: string) => containers.get(id)!.handle } as unknown as Docker;
    return { docker, containers };
}
