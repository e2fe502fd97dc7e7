import { engineImage } from "../../../components";
import { Cluster } from "./cluster";
import { eventually } from "./eventually";

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
        const isReached = await reachesFromPod(cluster, { namespace, host: server, port: 6000 });
        return isReached ? "the cluster's network does not enforce NetworkPolicy" : undefined;
    } finally {
        await core.deleteNamespace({ name: namespace });
    }
}

/** Whether a Pod of its own, with these labels, connects to a port. */
export async function reachesFromPod(
    { core }: Cluster,
    { namespace, host, port, labels }: { namespace: string; host: string; port: number; labels?: object },
): Promise<boolean> {
    const code = `import socket, time\ntime.sleep(2)\nsocket.create_connection(("${host}", ${port}), 3)`;
    const name = `client-${Date.now()}`;
    await core.createNamespacedPod({ namespace, body: podOf({ name, labels: { ...labels } }, code) });
    try {
        const phase = await eventually(`the end of the Pod ${name}`, patienceMs, async () => {
            const { status } = await core.readNamespacedPod({ namespace, name });
            return ["Succeeded", "Failed"].find((end) => end === status!.phase);
        });
        return phase === "Succeeded";
    } finally {
        await core.deleteNamespacedPod({ namespace, name });
    }
}

/** Runs some Python as a Pod; what comes back is its address. */
async function runPod({ core }: Cluster, namespace: string, name: string, code: string): Promise<string> {
    await core.createNamespacedPod({ namespace, body: podOf({ name }, code) });
    return eventually(`the address of the Pod ${name}`, patienceMs, async () => {
        return (await core.readNamespacedPod({ namespace, name })).status!.podIP;
    });
}

function podOf(metadata: { name: string; labels?: Record<string, string> }, code: string) {
    const containers = [{ name: "python", image: engineImage, args: ["python3", "-c", code] }];
    return { metadata, spec: { containers, restartPolicy: "Never", terminationGracePeriodSeconds: 0 } };
}
