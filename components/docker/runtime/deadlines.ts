import type { Docker } from "../dockerode";
import type { Readable } from "stream";
import { NoAnswer, Patience, defaultPatience, within } from "../../observing/time";

type Callback = (error: unknown, answer?: unknown) => void;

/** What the library's only way to a daemon takes. */
interface Request {
    path: string;
    method: string;
    isStream?: boolean;
    abortSignal?: AbortSignal;
    /** The parameters; `t` is how many seconds a container has to stop, and the daemon answers after them. */
    options?: { t?: number };
}

/** The library's transport. */
interface Modem {
    dial(request: Request, callback: Callback): void;
}

/**
 * Gives every request of a client a deadline. A stream may be silent for as long as the daemon answers a ping: a daemon that has stopped
 * keeps its connections open.
 */
export function withDeadlines(docker: Docker, { answerMs, changeMs, pingEveryMs }: Patience = defaultPatience): Docker {
    const modem = docker.modem as Modem;
    const dial = modem.dial.bind(modem);
    const streams = new Set<(error: Error) => void>();
    let pinging: NodeJS.Timeout | undefined;

    const ping = () =>
        void docker.ping().catch((error: unknown) => {
            // Any other error is an answer, or has broken the streams too.
            if (error instanceof NoAnswer) {
                [...streams].forEach((end) => end(error));
            }
        });
    const keep = (end: (error: Error) => void) => {
        streams.add(end);
        pinging ??= setInterval(ping, pingEveryMs).unref();
    };
    const leave = (end: (error: Error) => void) => {
        streams.delete(end);
        if (streams.size === 0) {
            clearInterval(pinging);
            pinging = undefined;
        }
    };

    modem.dial = (request, callback) => {
        const late = new AbortController();
        const isChange = !["GET", "HEAD"].includes(request.method);
        const mostMs = isChange ? changeMs + (request.options?.t ?? 0) * 1000 : answerMs;
        const signals = [late.signal, ...(request.abortSignal === undefined ? [] : [request.abortSignal])];
        let opened: Readable | undefined;
        let isSettled = false;
        let timer: NodeJS.Timeout | undefined;
        const settle: Callback = (error, answer) => {
            if (!isSettled) {
                isSettled = true;
                clearTimeout(timer);
                callback(error, answer);
            }
        };
        const end = (error: Error) => {
            leave(end);
            settle(error);
            opened?.destroy(error);
            late.abort();
        };
        const giveUp = async (waitedMs: number) => {
            // A change may take long, such as the removal of many files.
            const mayGoOn = isChange && waitedMs < longestChangeMs;
            const [paused, answers] = await Promise.all([
                pausedContainer(docker, request),
                mayGoOn ? isAnswering(docker) : Promise.resolve(false),
            ]);
            if (answers && paused === undefined) {
                wait(waitedMs + mostMs);
            } else {
                end(new NoAnswer(whoIsSilent(paused), nameOf(request), waitedMs));
            }
        };
        const wait = (untilMs: number) => {
            timer = isSettled ? undefined : setTimeout(() => void giveUp(untilMs), mostMs);
        };
        if (request.isStream) {
            keep(end);
        } else {
            wait(mostMs);
        }
        dial({ ...request, abortSignal: AbortSignal.any(signals) }, (error, answer) => {
            if (request.isStream && !error) {
                opened = (answer as Readable).once("close", () => leave(end));
            } else {
                leave(end);
            }
            settle(error, answer);
        });
    };
    return docker;
}

/** How long the daemon may take to say why a request has no answer. */
const explainMs = 2000;
/** How long a change may take while the daemon answers other requests. */
const longestChangeMs = 300_000;

/** The paused container that a request is about: the daemon says nothing of one that was paused while a program was being started in it. */
async function pausedContainer(docker: Docker, { path }: Request): Promise<string | undefined> {
    const [, id] = /^\/containers\/([0-9a-f]+)(?=[/?]|$)/.exec(path) ?? [];
    const filters = { id: [id!], status: ["paused"] };
    const listed = id === undefined ? [] : docker.listContainers({ all: true, filters }).catch(() => []);
    const [paused] = (await within(explainMs, Promise.resolve(listed))) ?? [];
    return paused?.Names[0]?.replace(/^\//, "");
}

async function isAnswering(docker: Docker): Promise<boolean> {
    const pinged = docker.ping().then(
        () => true,
        () => false,
    );
    return (await within(explainMs, pinged)) ?? false;
}

function whoIsSilent(paused: string | undefined): string {
    return paused === undefined
        ? "The Docker daemon"
        : `The container ${paused} is paused (docker unpause ${paused}), and the Docker daemon`;
}

/** What was asked, without its parameters. */
function nameOf({ method, path }: Request): string {
    return `${method} ${path.replace(/\?.*/, "")}`;
}
