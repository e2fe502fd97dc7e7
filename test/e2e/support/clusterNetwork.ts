import { engineImage } from "../../../components";
import { Cluster } from "./cluster";

/** How long a Pod may take to run, and a policy to be in force. */
const patienceMs = 30_000;

let policies: Promise<string | undefined> | undefined;

/** Why no Pod is found by its name; nothing if the cluster has a DNS. */
export async function whyNoDns(cluster: Cluster): Promise<string | undefined> {
    const endpoints = await cluster.core.listNamespacedEndpoints({ namespace: "kube-system" });
    const dns = endpoints.items.find(({ metadata }) => metadata!.name === "kube-dns");
    const isServed = dns?.subsets?.some(({ addresses }) => (addresses ?? []).length > 0);
    return isServed ? undefined : "the cluster has no DNS";
}

/** Why a NetworkPolicy keeps nobody out; nothing if the cluster's network enforces them. Found out with two Pods, once. */
export function whyNoPolicies(cluster: Cluster): Promise<string | undefined> {
    policies ??= probe(cluster);
    return policies;
}

async function probe(cluster: Cluster): Promise<string | undefined> {
    const { core, networking } = cluster;
    const { metadata } = await core.createNamespace({ body: { metadata: { generateName: "distributed-session-" } } });
    const namespace = metadata!.name!;
    try {
        const body = { metadata: { name: "nobody" }, spec: { podSelector: {}, policyTypes: ["Ingress"] } };
        await networking.createNamespacedNetworkPolicy({ namespace, body });
        const serve = `import socket\nwhile True: socket.create_server(("0.0.0.0", 6000)).accept()`;
        const server = await runPod(cluster, namespace, "server", serve);
        const call = `import socket, time\ntime.sleep(2)\nsocket.create_connection(("${server}", 6000), 3)`;
        await runPod(cluster, namespace, "client", call);
        for (const end = Date.now() + patienceMs; Date.now() < end; await pause(500)) {
            const phase = (await core.readNamespacedPod({ namespace, name: "client" })).status!.phase;
            if (phase === "Succeeded" || phase === "Failed") {
                return phase === "Failed" ? undefined : "the cluster's network does not enforce NetworkPolicy";
            }
        }
        return "whether the cluster's network enforces NetworkPolicy cannot be seen";
    } finally {
        await core.deleteNamespace({ name: namespace });
    }
}

/** Runs some Python as a Pod; what comes back is its address. */
async function runPod(cluster: Cluster, namespace: string, name: string, code: string): Promise<string> {
    const containers = [{ name, image: engineImage, args: ["python3", "-c", code] }];
    const spec = { containers, restartPolicy: "Never", terminationGracePeriodSeconds: 0 };
    await cluster.core.createNamespacedPod({ namespace, body: { metadata: { name }, spec } });
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(300)) {
        const ip = (await cluster.core.readNamespacedPod({ namespace, name })).status!.podIP;
        if (ip) {
            return ip;
        }
    }
    throw new Error(`The Pod ${name} has no address after ${patienceMs / 1000} s`);
}

function pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}
