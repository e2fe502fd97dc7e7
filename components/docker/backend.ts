import { Backend } from "../backend";
import { identityOf } from "../model/labels";
import { declareGround } from "./ground";
import { chooseSubnet, parseSubnet } from "./addressing";
import { tokenOf } from "./generation";
import { HostLocation, openHost } from "./runtime/containerRuntime";
import { formatDaemonError } from "./runtime/retry";
import { HostFindings, findingsOf, planHostReplacements } from "./runtime/replacements";

/** Containers on one Docker host. */
export const dockerBackend: Backend<HostLocation, HostFindings> = {
    mostShownWorkers: Infinity,
    declareGround,
    connect: openHost,
    findingsOnMocks: ({ uid }, { plan }) => {
        const asked = plan.docker.subnet;
        const subnet = asked === undefined ? chooseSubnet(identityOf(plan.name), [])! : parseSubnet(asked)!;
        return findingsOf(
            { subnet, limitsLogs: true, entrypoints: new Map() },
            planHostReplacements(plan, { containers: [], networks: [] }, tokenOf(0, uid)),
        );
    },
    explain: (error) => `The Docker daemon failed: ${formatDaemonError(error)}.`,
};
