import type * as k8s from "@kubernetes/client-node";
import { NoAnswer, Patience, within } from "../../../observing/time";

const who = "The cluster";

/** How to reach the API server of a kubeconfig, with deadlines for the beginning and the rest of each answer. `noted` gets each answer. */
export async function apiConfigurationOf(
    config: k8s.KubeConfig,
    { answerMs, changeMs, readMs }: Patience,
    noted: (response: k8s.ResponseContext) => void = () => undefined,
): Promise<k8s.Configuration> {
    const client = await import("@kubernetes/client-node");
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
        throw new Error("the kubeconfig names no cluster");
    }
    const configuration = client.createConfiguration({
        baseServer: new client.ServerConfiguration(server, {}),
        authMethods: { default: config },
    });
    const library = configuration.httpApi;
    const send = async (request: k8s.RequestContext) => {
        const late = new AbortController();
        request.setSignal(late.signal);
        const inTime = async <T extends object>(mostMs: number, coming: Promise<T>): Promise<T> => {
            const come = await within(mostMs, coming);
            if (come === undefined) {
                coming.catch(() => undefined);
                late.abort();
                const { pathname } = new URL(request.getUrl());
                throw new NoAnswer(who, `${request.getHttpMethod()} ${pathname}`, mostMs);
            }
            return come;
        };
        const beginMs = request.getHttpMethod() === client.HttpMethod.GET ? answerMs : changeMs;
        const response = await inTime(beginMs, library.send(request).toPromise());
        noted(response);
        const bytes = await inTime(readMs, response.body.binary());
        const body = { text: () => Promise.resolve(bytes.toString()), binary: () => Promise.resolve(bytes) };
        return new client.ResponseContext(response.httpStatusCode, response.headers, body);
    };
    return { ...configuration, httpApi: client.wrapHttpLibrary({ send }) };
}

/**
 * A watch that fails once the API server gives no sign of life: it may be silent for as long as nothing changes, and a server that has stopped
 * keeps its connections open.
 */
export function aliveWatch(
    watch: Pick<k8s.Watch, "watch">,
    ping: () => Promise<unknown>,
    pingEveryMs: number,
): Pick<k8s.Watch, "watch"> {
    return {
        watch: async (path, query, callback, done) => {
            let isDone = false;
            const end = (error: unknown) => {
                clearInterval(pinging);
                if (!isDone) {
                    isDone = true;
                    done(error);
                }
            };
            const lookAfter = () =>
                void ping().catch(async (error: unknown) => {
                    // Any other error is an answer, or breaks the watch too.
                    if (error instanceof NoAnswer) {
                        end(error);
                        (await connection.catch(() => undefined))?.abort();
                    }
                });
            const pinging = setInterval(lookAfter, pingEveryMs).unref();
            const connection = watch.watch(path, query, callback, end);
            connection.catch(() => clearInterval(pinging));
            return connection;
        },
    };
}
