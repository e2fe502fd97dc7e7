import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SessionContext } from "../../model/context";
import { identityOf, label } from "../../model/labels";
import { Plan } from "../../model/plan";
import { ownsVolume } from "../../mounts";
import { openFolder } from "./uploads";

/** The volume of a session's own for its shared folder. Like the network, it is created once the host is inspected. */
export function createSharedVolume(
    { plan, session }: SessionContext,
    network: docker.Network,
    token: pulumi.Input<string>,
): docker.Volume | undefined {
    if (!ownsVolume(plan.shared)) {
        return undefined;
    }
    return new docker.Volume(
        `${plan.name}-shared`,
        {
            labels: [
                { label: label.session, value: identityOf(plan.name) },
                { label: label.generation, value: token },
            ],
        },
        // Another name of the stack or another token changes the labels; a new volume would be without the files.
        { parent: session, dependsOn: [network], ignoreChanges: ["labels"] },
    );
}

/** Opens a volume to engines of any user. A folder of the host keeps its rights. */
export function openShared({ shared }: Plan): docker.types.input.ContainerUpload[] {
    return shared === undefined || shared.hostPath !== undefined ? [] : [openFolder(shared.path)];
}
