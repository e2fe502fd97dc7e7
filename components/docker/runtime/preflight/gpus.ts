import { execFile } from "child_process";
import type { Docker } from "../../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { Problem } from "../../../model/errors";
import { label } from "../../../model/labels";
import { Plan } from "../../../model/plan";
import { Owner, owns } from "../../owner";
import { HostInfo } from "../hostInfo";
import { unlessGone } from "../retry";
import { warn } from "../../../program/console";

/** More GPUs than the host has, where their number can be known: from the daemon, or by `nvidia-smi` where it is on this machine. */
export async function gpuProblems(plan: Plan, info: HostInfo, isLocal: boolean): Promise<Problem[]> {
    const wanted = countGpus(plan);
    if (wanted === 0) {
        return [];
    }
    const there = countDiscovered(info) ?? (isLocal ? await countOnThisMachine() : undefined);
    if (there === undefined || wanted <= there) {
        return [];
    }
    const asking = plan.groups.find(({ template }) => template.nvidiaGpu > 0)?.template ?? plan.master.template;
    const reason = `the engines need ${wanted} GPUs together, more than the ${there} of the host`;
    return [{ path: `${asking.path}.nvidiaGpu`, reason }];
}

/** Warns where engines of another session use the same GPUs: nothing on a Docker host gives a GPU to one container alone. */
export async function warnOfSharedGpus(
    docker: Docker,
    plan: Plan,
    owner: Owner,
    session: pulumi.Resource,
): Promise<void> {
    const wanted = countGpus(plan);
    if (wanted === 0) {
        return;
    }
    const running = await docker.listContainers({ filters: { label: [label.session] } });
    const others = running.filter(({ Labels }) => !owns(owner, Labels));
    const shared = new Set<string>();
    for (const { Id, Labels } of others) {
        const info = await unlessGone(() => docker.getContainer(Id).inspect());
        const ids = (info?.HostConfig.DeviceRequests ?? []).flatMap(({ DeviceIDs }) => DeviceIDs ?? []);
        if (ids.some((id) => Number(id) < wanted)) {
            shared.add(Labels[label.session]!);
        }
    }
    if (shared.size > 0) {
        const text = `The session shares GPUs of the Docker host with ${[...shared].join(", ")}: each session uses the GPUs from number 0 on.`;
        await warn(text, session);
    }
}

function countGpus({ master, groups }: Plan): number {
    return groups.reduce((sum, { template, count }) => sum + count * template.nvidiaGpu, master.template.nvidiaGpu);
}

/** A GPU is listed by its number, beside its other names. */
function countDiscovered({ DiscoveredDevices }: HostInfo): number | undefined {
    const gpus = DiscoveredDevices?.filter(({ ID }) => ID.startsWith("nvidia.com/gpu=")) ?? [];
    return gpus.length === 0 ? undefined : gpus.filter(({ ID }) => /=\d+$/.test(ID)).length;
}

function countOnThisMachine(): Promise<number | undefined> {
    return new Promise((resolve) =>
        execFile("nvidia-smi", ["--list-gpus"], (error, output) =>
            resolve(error ? undefined : output.split("\n").filter((line) => line.startsWith("GPU ")).length),
        ),
    );
}
