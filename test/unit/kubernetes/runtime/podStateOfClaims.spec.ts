import assert from "node:assert/strict";
import { podStateOf } from "../../../../components/kubernetes/runtime/podState";
import { PlayedPod, pod } from "../../../helpers/pods";

const now = Date.parse("2024-01-01T12:00:00Z");
const scheduleHint = "; where the cluster adds nodes on demand, raise kubernetes.scheduleTimeoutSeconds";
const unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
const noClaim = '0/1 nodes are available: persistentvolumeclaim "s-shared" not found. not found';
const unboundError = (message: string) =>
    `Unschedulable: the PersistentVolumeClaim s-shared of the shared folder is not bound to a volume: ${message}; kubectl describe pvc s-shared says why; choose a class and a mode that the cluster has (kubernetes.sharedClaim), or a claim that exists (shared.claimName), or raise kubernetes.scheduleTimeoutSeconds`;
const dataError = (message: string) =>
    `Unschedulable: the PersistentVolumeClaim genomes of volumes[1] is not bound to a volume: ${message}; kubectl describe pvc genomes says why; name a claim that exists (volumes[1].claimName), or raise kubernetes.scheduleTimeoutSeconds`;
const noData = '0/1 nodes are available: persistentvolumeclaim "genomes" not found. not found';
const secondsAgo = (seconds: number) => new Date(now - seconds * 1000);

describe("a Pod that mounts claims", () => {
    const table: [string, PlayedPod, { status: string; startError?: string }, { patience: number }?][] = [
        [
            "may wait a minute for the volume of the shared folder",
            { unschedulable: unbound, since: secondsAgo(59), claims: { shared: "s-shared" } },
            { status: "declared" },
        ],
        [
            "may wait no longer than that for the volume, and names the claim",
            { unschedulable: unbound, since: secondsAgo(60), claims: { shared: "s-shared" } },
            { status: "stopped", startError: unboundError(unbound) },
        ],
        [
            "may wait as long for the volume as it may for a node, where that is longer",
            { unschedulable: unbound, since: secondsAgo(60), claims: { shared: "s-shared" } },
            { status: "declared" },
            { patience: 90 },
        ],
        [
            "does not wait for the volume of a claim that there is not",
            { unschedulable: noClaim, since: secondsAgo(0), claims: { shared: "s-shared" } },
            { status: "stopped", startError: unboundError(noClaim) },
        ],
        [
            "does not wait for one of volumes that there is not, beside a shared folder",
            {
                unschedulable: noData,
                since: secondsAgo(0),
                claims: { shared: "s-shared", "data-1": "genomes" },
            },
            { status: "stopped", startError: dataError(noData) },
        ],
        [
            "names the only claim where the scheduler names none",
            { unschedulable: unbound, since: secondsAgo(60), claims: { "data-1": "genomes" } },
            { status: "stopped", startError: dataError(unbound) },
        ],
        [
            "says nothing of a claim that is not of the session's arguments",
            { unschedulable: noData, since: secondsAgo(0), claims: { cache: "genomes" } },
            { status: "stopped", startError: `Unschedulable: ${noData}${scheduleHint}` },
        ],
        [
            "finds no node, with a shared folder that is not the reason",
            {
                unschedulable: "Insufficient cpu",
                since: secondsAgo(0),
                claims: { shared: "s-shared" },
            },
            { status: "stopped", startError: `Unschedulable: Insufficient cpu${scheduleHint}` },
        ],
    ];
    for (const [what, given, expected, { patience } = { patience: 0 }] of table) {
        it(what, () => {
            const history = { isNew: true, restartsBefore: 0, patience, memoryMib: 256, now };
            const { status, startError } = podStateOf(pod({ phase: "Pending", ...given }), history);
            assert.deepEqual({ status, startError }, { startError: undefined, ...expected });
        });
    }
});
