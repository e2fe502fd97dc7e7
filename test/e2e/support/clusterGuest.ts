import * as k8s from "@kubernetes/client-node";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { Cluster } from "./cluster";
import { TestSession } from "./session";

const namespaces: string[] = [];
const name = "guest";

/** The documented Role: what a user needs who runs sessions in one namespace, and nothing else in the cluster. */
function documentedRole(): k8s.V1Role {
    return k8s.loadYaml(fs.readFileSync(path.join(projectFolder, "docs/role.yaml"), "utf8"));
}

/** Makes a namespace of a test's own. */
export async function makeNamespace({ core }: Cluster, labels: Record<string, string> = {}): Promise<string> {
    const metadata = { generateName: "distributed-session-test-", labels };
    const made = await core.createNamespace({ body: { metadata } });
    namespaces.push(made.metadata!.name!);
    return made.metadata!.name!;
}

/** Removes all of them: for `after`, when the sessions in them are gone. */
export async function removeNamespaces({ core }: Cluster): Promise<void> {
    await Promise.all(namespaces.splice(0).map((each) => core.deleteNamespace({ name: each })));
}

/** Lets only so many Pods be in a namespace. */
export async function limitPods({ core }: Cluster, namespace: string, pods: number): Promise<void> {
    const body = { metadata: { name: "few" }, spec: { hard: { pods: String(pods) } } };
    await core.createNamespacedResourceQuota({ namespace, body });
    // It counts once the cluster has counted what is there.
    while ((await core.readNamespacedResourceQuota({ namespace, name: "few" })).status?.hard === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/** The kubeconfig of somebody with the documented rights in one namespace, or with those except the ones to one kind. */
export async function inviteGuest({ config, core }: Cluster, namespace: string, except?: string): Promise<string> {
    const rbac = config.makeApiClient(k8s.RbacAuthorizationV1Api);
    const metadata = { name };
    await core.createNamespacedServiceAccount({ namespace, body: { metadata } });
    const rules = documentedRole().rules!.filter(
        ({ resources }) => except === undefined || !resources!.includes(except),
    );
    await rbac.createNamespacedRole({ namespace, body: { metadata, rules } });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, roleRef, subjects } });
    const body = { spec: { audiences: [] } };
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body });
    return kubeconfigWith(config.getCurrentCluster()!, { name, token: status!.token }, namespace);
}

/** The kubeconfig of a cluster that there is not. */
export function kubeconfigToNowhere(): string {
    return kubeconfigWith(
        { name: "nowhere", server: "https://127.0.0.1:1", skipTLSVerify: true },
        { name: "nobody" },
        "default",
    );
}

function kubeconfigWith(cluster: k8s.Cluster, user: k8s.User, namespace: string): string {
    const config = new k8s.KubeConfig();
    config.loadFromClusterAndUser(cluster, user);
    config.contexts = config.contexts.map((context) => ({ ...context, namespace }));
    return config.exportConfig();
}

/** Has a session reach the cluster with a kubeconfig of its own. */
export function giveKubeconfig({ stack }: TestSession<any>, content: string): void {
    stack.environment.KUBECONFIG = path.join(stack.folder, "kubeconfig");
    fs.writeFileSync(stack.environment.KUBECONFIG, content);
}
