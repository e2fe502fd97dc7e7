import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { Preflight } from "../../components/docker/runtime/preflight/preflight";
import { ContainerRuntime } from "../../components/docker/runtime/containerRuntime";
import { identityOf } from "../../components/model/labels";
import { Plan } from "../../components/model/plan";
import { playedUid } from "./playedDocker";

/** A connection to a Docker host that was inspected, and had nothing of the session but for these changes. */
export function containerRuntime(
    docker: Docker,
    plan: Plan,
    found: Partial<Preflight> = {},
    signal?: AbortSignal,
): ContainerRuntime {
    const empty: Preflight = {
        owner: { name: identityOf(plan.name), uid: playedUid },
        subnet: { base: 0x0a000000, prefix: 22 },
        hostTime: 0,
        limitsLogs: true,
        limitsCreated: true,
        entrypoints: new Map(),
        inventory: { containers: [], networks: [], volumes: [] },
    };
    return new ContainerRuntime(docker, { plan, session: {} as pulumi.Resource }, { ...empty, ...found }, signal);
}
