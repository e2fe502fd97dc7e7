import type * as k8s from "@kubernetes/client-node";
import * as https from "https";
import { kubeConfig } from "./kubeconfig";

/** An object of a cluster, as the API server takes and gives it. */
export interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: { name?: string; namespace?: string; uid?: string } & Record<string, unknown>;
    [property: string]: any;
}

/** What the API server said. */
export interface Answer {
    status: number;
    body: any;
    /** What it warns of, such as a Pod that a policy would refuse. */
    warnings: string[];
}

/** The API server as it is spoken to without a client's types: they would drop a field that they do not know. */
export class ApiServer {
    private constructor(private readonly config: k8s.KubeConfig) {}

    static async open(): Promise<ApiServer> {
        return new ApiServer(await kubeConfig());
    }

    /** Creates an object, or finds out whether it would be taken. Unknown fields are refused. */
    async create(manifest: Manifest, { dryRun = false } = {}): Promise<Answer> {
        const query = `?fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
        return this.send("POST", `${pathOf(manifest)}${query}`, manifest);
    }

    /** The object as it is now; fails where there is none. */
    async read(manifest: Manifest): Promise<Manifest> {
        const { status, body } = await this.send("GET", nameOf(manifest));
        if (status !== 200) {
            throw new Error(`${nameOf(manifest)}: ${body.message}`);
        }
        return body;
    }

    /** Whether there is such an object. */
    async has(manifest: Manifest): Promise<boolean> {
        return (await this.send("GET", nameOf(manifest))).status === 200;
    }

    /** Deletes an object, and with it those that it owns. */
    async delete(manifest: Manifest): Promise<void> {
        await this.send("DELETE", nameOf(manifest), { propagationPolicy: "Background" });
    }

    /** The Pods of a namespace, by name. */
    async pods(namespace: string): Promise<k8s.V1Pod[]> {
        return (await this.send("GET", `/api/v1/namespaces/${namespace}/pods`)).body.items;
    }

    /** All that a Pod has printed. */
    async logOf(pod: k8s.V1Pod): Promise<string> {
        const { namespace, name } = pod.metadata!;
        return String((await this.send("GET", `/api/v1/namespaces/${namespace}/pods/${name}/log`)).body);
    }

    private async send(method: string, path: string, body?: object): Promise<Answer> {
        const url = new URL(path, this.config.getCurrentCluster()!.server);
        const options: https.RequestOptions = { method, headers: { "Content-Type": "application/json" } };
        await this.config.applyToHTTPSOptions(options);
        return new Promise((resolve, reject) => {
            const request = https.request(url, options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () => {
                    const text = Buffer.concat(chunks).toString();
                    const isJson = response.headers["content-type"]?.startsWith("application/json");
                    const warnings = response.headers.warning === undefined ? [] : [response.headers.warning];
                    resolve({ status: response.statusCode!, body: isJson ? JSON.parse(text) : text, warnings });
                });
            });
            request.on("error", reject);
            request.end(body === undefined ? undefined : JSON.stringify(body));
        });
    }
}

/** Where objects of a kind are created. */
function pathOf({ apiVersion, kind, metadata }: Manifest): string {
    const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const scope = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    const plural = kind.toLowerCase().replace(/y$/, "ie").replace(/ss$/, "sse");
    return `${root}${scope}/${plural}s`;
}

function nameOf(manifest: Manifest): string {
    return `${pathOf(manifest)}/${manifest.metadata.name}`;
}
