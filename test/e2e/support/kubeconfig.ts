import type * as k8s from "@kubernetes/client-node";
import { engineImage } from "../../../components/model/kernels";
import { clusterProblem } from "../../../toolchain/cluster";
import { capture } from "../../../toolchain/progress";
import { skip } from "./skipping";
import { toolEnvironment } from "./stack";

/** Names a command that brings images of the local Docker daemon onto the cluster's nodes, such as `kind load docker-image`. */
const loaderVariable = "DISTRIBUTED_SESSION_IMAGE_LOADER";
/** Is set where the engine image is on the nodes already. */
export const loadedVariable = "DISTRIBUTED_SESSION_TEST_IMAGE_LOADED";
const loadSeconds = 300;

let noCluster: Promise<string | undefined> | undefined;
const noImages = new Map<string, Promise<string | undefined>>();

/** Why the tests have no cluster; nothing if they have one. Only a cluster that `KUBECONFIG` names is used: it is asked for. */
export function whyNoCluster(): Promise<string | undefined> {
    const named = process.env.KUBECONFIG;
    noCluster ??= named ? clusterProblem() : Promise.resolve("KUBECONFIG is not set, so there is no cluster for tests");
    return noCluster;
}

/**
 * Brings an image to the cluster's nodes, once, where a command for that is named; where there is none, it is taken to be there. What
 * comes back is why it cannot be brought.
 */
export function whyNoImage(image: string = engineImage): Promise<string | undefined> {
    const isLoaded = image === engineImage && process.env[loadedVariable] !== undefined;
    const loader = isLoaded ? undefined : process.env[loaderVariable];
    const noImage = noImages.get(image) ?? (loader ? load(`${loader} ${image}`) : Promise.resolve(undefined));
    noImages.set(image, noImage);
    return noImage;
}

async function load(command: string): Promise<string | undefined> {
    // The image is built where it is missing.
    const env = await toolEnvironment();
    const { code, output } = await capture("sh", ["-c", command], { env, timeoutSeconds: loadSeconds });
    return code === 0 ? undefined : `${command} failed: ${output.trim().split("\n").at(-1)}`;
}

/** Skips a test, or all tests of a `before`, where there is no cluster that could run engines. */
export async function skipWithoutCluster(context: Mocha.Context): Promise<void> {
    const reason = (await whyNoCluster()) ?? (await whyNoImage());
    if (reason !== undefined) {
        skip(context, reason);
    }
}

/** The kubeconfig of the tests' cluster. */
export async function kubeConfig(): Promise<k8s.KubeConfig> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromDefault();
    return config;
}
