import * as k8s from "@kubernetes/client-node";
import { engineImage } from "../../../components";
import { Cluster } from "./cluster";
import { eventually } from "./eventually";

/** A volume of a test's own in a cluster: a new folder of a node, which is root's as that of any new volume. */
export class ClusterVolume {
    private constructor(
        private readonly core: k8s.CoreV1Api,
        private readonly node: string,
        /** Its name, and that of its storage class: nothing else in the cluster takes it. */
        readonly name: string,
    ) {}

    static async create({ core }: Cluster): Promise<ClusterVolume> {
        const { items } = await core.listNode();
        const [node] = items.map(({ metadata }) => metadata!.labels!["kubernetes.io/hostname"]!);
        const volume = new ClusterVolume(core, node!, `distributed-session-test-${Date.now()}`);
        await volume.onNode(["mkdir", volume.folder]);
        await core.createPersistentVolume({ body: volume.describe() });
        return volume;
    }

    async remove(): Promise<void> {
        await this.core.deletePersistentVolume({ name: this.name });
        await this.onNode(["rm", "-r", this.folder]);
    }

    /** Makes a claim that has this volume. */
    async claim(namespace: string): Promise<void> {
        const spec = { accessModes: ["ReadWriteMany"], storageClassName: this.name, resources: this.size };
        await this.core.createNamespacedPersistentVolumeClaim({
            namespace,
            body: { metadata: { name: this.name }, spec },
        });
    }

    /** Runs a script in its folder, as root. */
    async shell(script: string): Promise<void> {
        await this.onNode(["sh", "-c", `cd ${this.folder} && ${script}`]);
    }

    private get folder(): string {
        return `/var/tmp/${this.name}`;
    }

    private get size() {
        return { requests: { storage: "1Mi" } };
    }

    /** A volume of this kind is given to the group of those that mount it, other than a folder of a node. */
    private describe(): k8s.V1PersistentVolume {
        const isNode = { key: "kubernetes.io/hostname", operator: "In", values: [this.node] };
        return {
            metadata: { name: this.name },
            spec: {
                storageClassName: this.name,
                capacity: { storage: "1Ti" },
                accessModes: ["ReadWriteMany"],
                persistentVolumeReclaimPolicy: "Retain",
                local: { path: this.folder },
                nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [isNode] }] } },
            },
        };
    }

    /** Runs a command as root, in the node's folder for what is temporary. */
    private async onNode(command: string[]): Promise<void> {
        const where = { namespace: "default", name: `${this.name}-${command[0]}` };
        const container = {
            name: "root",
            image: engineImage,
            command,
            securityContext: { runAsUser: 0 },
            volumeMounts: [{ name: "temporary", mountPath: "/var/tmp" }],
        };
        const spec = {
            containers: [container],
            nodeSelector: { "kubernetes.io/hostname": this.node },
            restartPolicy: "Never",
            volumes: [{ name: "temporary", hostPath: { path: "/var/tmp" } }],
        };
        await this.core.createNamespacedPod({ ...where, body: { metadata: { name: where.name }, spec } });
        await eventually(`${command.join(" ")} on a node`, 60_000, async () => {
            const { status } = await this.core.readNamespacedPod(where);
            return status?.phase === "Succeeded";
        });
        await this.core.deleteNamespacedPod({ ...where, gracePeriodSeconds: 0 });
    }
}
