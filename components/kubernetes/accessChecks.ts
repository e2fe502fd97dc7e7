import { isIP } from "net";
import { Backend, PublishedPort } from "../model/args";
import { Problem, show } from "../model/errors";
import { Check, listOf, objectOf, optional, optionalLater, required, that } from "../validation/checkObject";
import { CrossCheck } from "../validation/crossCheck";
import { CompleteKubernetes } from "./defaults";
import { selectedLabels } from "./labelChecks";
import { NetworkPeer, ServiceType } from "./options";

const cidr = that(isRange, 'a range of addresses, such as "192.168.7.0/24"');

function isRange(value: unknown): boolean {
    const [ip, prefix, ...rest] = typeof value === "string" ? value.split("/") : [];
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(ip ?? "")]!;
    return rest.length === 0 && /^(0|[1-9]\d{0,2})$/.test(prefix ?? "") && Number(prefix) <= bits;
}

const peerChecks = {
    podLabels: optional(selectedLabels),
    namespaceLabels: optional(selectedLabels),
    cidr: optionalLater(cidr),
} satisfies Record<keyof NetworkPeer, Check>;

/** An entry that names nobody would let everybody in. */
const peer: Check = (path, value) => {
    const problems = required(objectOf(peerChecks))(path, value);
    if (problems.length > 0) {
        return problems;
    }
    const { podLabels, namespaceLabels, cidr: range } = value as NetworkPeer;
    const hasLabels = podLabels !== undefined || namespaceLabels !== undefined;
    if (range === undefined) {
        return hasLabels ? [] : [{ path, reason: "names nobody; give podLabels, namespaceLabels or cidr" }];
    }
    return hasLabels ? [{ path, reason: "has a cidr beside labels; make two entries of it" }] : [];
};

/** What `kubernetes.access` must be. */
export const access = optional(listOf(peer, "a list of those who may come in"));

/** What the published ports must be on a cluster, and what has no effect without them. */
export function publishChecks(options: CompleteKubernetes, publish: readonly PublishedPort[]): CrossCheck[] {
    const nothing = "has no effect without publish; give the ports to publish, or remove it";
    const unused = (path: string, isGiven: () => boolean): CrossCheck => ({
        reads: [path, "publish"],
        problemsOf: () => (publish.length === 0 && isGiven() ? [{ path, reason: nothing }] : []),
    });
    return [
        { reads: ["publish"], problemsOf: () => validatePorts(publish) },
        unused("kubernetes.access", () => options.access.length > 0),
        unused("kubernetes.serviceType", () => options.serviceType !== ServiceType.ClusterIP),
    ];
}

/** A Service has a port once, under its own number. */
function validatePorts(publish: readonly PublishedPort[]): Problem[] {
    const ports = publish.map(({ port }) => port);
    const onlyOnDocker = `is for backend ${show(Backend.Docker)}, and the backend is ${show(Backend.Kubernetes)}; remove it`;
    return publish.flatMap((each, index) => [
        ...(ports.indexOf(each.port) === index
            ? []
            : [{ path: `publish[${index}].port`, reason: `${show(each.port)} is listed twice; list each port once` }]),
        ...(["hostPort", "hostIp"] as const)
            .filter((option) => each[option] !== undefined)
            .map((option) => ({ path: `publish[${index}].${option}`, reason: onlyOnDocker })),
    ]);
}
