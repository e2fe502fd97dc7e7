import type Docker from "dockerode";
import { Readable } from "stream";

/** A container of a host that a test plays. */
export interface PlayedContainer {
    /** Lets it end, with this exit code. */
    end(exitCode: number): void;
    /** Lets it end with this exit code, and lets Docker start it again. */
    restart(exitCode: number): void;
    /** How many wait for its end. */
    waiting(): number;
}

/** A Docker host with running containers of these ids, which end when a test says so. */
export function hostWith(...ids: string[]): { docker: Docker; containers: Map<string, PlayedContainer> } {
    const containers = new Map<string, PlayedContainer & { handle: unknown }>();
    for (const id of ids) {
        let exitCode: number | undefined;
        let endedAt = "0001-01-01T00:00:00Z";
        let restarts = 0;
        const waiters: ((end: { StatusCode: number }) => void)[] = [];
        const notify = (code: number) => waiters.splice(0).forEach((each) => each({ StatusCode: code }));
        const handle = {
            inspect: () =>
                Promise.resolve({
                    State: {
                        Status: exitCode === undefined ? "running" : "exited",
                        Running: exitCode === undefined,
                        ExitCode: exitCode ?? 0,
                        StartedAt: "2024-01-01T00:00:00Z",
                        FinishedAt: endedAt,
                    },
                    HostConfig: {},
                    RestartCount: restarts,
                }),
            wait: () =>
                exitCode === undefined
                    ? new Promise<{ StatusCode: number }>((resolve) => waiters.push(resolve))
                    : Promise.resolve({ StatusCode: exitCode }),
            stop: () => {
                if (exitCode !== undefined) {
                    return Promise.reject(Object.assign(new Error("not modified"), { statusCode: 304 }));
                }
                // As the daemon does of a program that ends by SIGTERM.
                return new Promise<void>((resolve) => setTimeout(() => resolve(end(143)), 5));
            },
        };
        const end = (code: number) => {
            exitCode = code;
            endedAt = new Date().toISOString();
            notify(code);
        };
        const restart = (code: number) => {
            restarts += 1;
            notify(code);
        };
        containers.set(id, { end, restart, waiting: () => waiters.length, handle });
    }
    return { docker: dockerOf((id) => containers.get(id)!.handle), containers };
}

type DialCallback = (error: unknown, answer?: Readable) => void;

/** A Docker host of these containers. What `wait` of a container gives is the rest of an answer that begins at once, as the daemon sends it. */
export function dockerOf(containerOf: (id: string) => any): Docker {
    const dial = (request: { path: string; abortSignal: AbortSignal }, callback: DialCallback) => {
        const { path, abortSignal } = request;
        if (path.includes("/logs")) {
            return void setImmediate(() => callback(null, Readable.from([])));
        }
        const [, id] = /^\/containers\/([^/]+)\/wait$/.exec(path)!;
        const end = Promise.resolve(containerOf(id!).wait({ abortSignal })).then((result) =>
            Buffer.from(JSON.stringify(result)),
        );
        end.catch((error: { statusCode?: number }) => error.statusCode !== undefined && callback(error));
        const answer = Readable.from(
            (async function* () {
                yield await end;
            })(),
        );
        // An error that is an answer comes instead of one; any other breaks the connection.
        answer.on("error", () => undefined);
        setImmediate(() => callback(null, answer));
    };
    return { getContainer: containerOf, modem: { dial } } as unknown as Docker;
}
