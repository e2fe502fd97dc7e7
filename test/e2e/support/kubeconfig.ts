import type * as k8s from "@kubernetes/client-node";
import { execSync } from "child_process";
import { engineImage } from "../../../components/engineImage";
import { toolEnvironment } from "./stack";

const answerMs = 10_000;
/** Names a command that brings images of the local Docker daemon onto the cluster's nodes, such as `kind load docker-image`. */
const loaderVariable = "DISTRIBUTED_SESSION_IMAGE_LOADER";

let problem: Promise<string | undefined> | undefined;
let isLoaded = false;

/** Why the tests have no cluster; nothing if they have one. Only a cluster that `KUBECONFIG` names is used: it is asked for. */
export function whyNoCluster(): Promise<string | undefined> {
    problem ??= findProblem();
    return problem;
}

async function findProblem(): Promise<string | undefined> {
    if (!process.env.KUBECONFIG) {
        return "KUBECONFIG names no cluster";
    }
    try {
        const { VersionApi } = await import("@kubernetes/client-node");
        const version = (await kubeConfig()).makeApiClient(VersionApi);
        await Promise.race([version.getCode(), late()]);
        return undefined;
    } catch (error) {
        return `the cluster of KUBECONFIG does not answer: ${(error as Error).message.split("\n")[0]}`;
    }
}

function late(): Promise<never> {
    return new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`nothing came within ${answerMs / 1000} s`)), answerMs).unref();
    });
}

/** Ends a test or a hook as skipped where there is no cluster, and says why. */
export async function skipWithoutCluster(context: Mocha.Context): Promise<void> {
    skipFor(context, await whyNoCluster());
}

/** Ends a test or a hook as skipped where there is a reason, and says it. */
export function skipFor(context: Mocha.Context, reason: string | undefined): void {
    if (reason !== undefined) {
        console.log(`    skipped: ${reason}`);
        context.skip();
    }
}

/** The kubeconfig of the tests' cluster. */
export async function kubeConfig(): Promise<k8s.KubeConfig> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromDefault();
    return config;
}

/** Brings the default engine image onto the cluster's nodes, once, where it is said how; else it is taken to be there. */
export async function loadEngineImage(): Promise<void> {
    const loader = process.env[loaderVariable];
    if (loader && !isLoaded) {
        // The image is built where it is missing.
        const env = await toolEnvironment();
        execSync(`${loader} ${engineImage}`, { env, stdio: "pipe" });
        isLoaded = true;
    }
}
