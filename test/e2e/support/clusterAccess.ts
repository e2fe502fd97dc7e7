import * as k8s from "@kubernetes/client-node";
import { engineImage } from "../../../components";
import { capture } from "../../../toolchain/progress";
import { packageVersion } from "../../../toolchain/versions";
import { toolEnvironment } from "./stack";

const answerMs = 5000;
const pluginSeconds = 60;
const loadSeconds = 300;

let reason: Promise<string | undefined> | undefined;

/** Why no session can run on Kubernetes; nothing if it can. The engine image is brought to the cluster where that is asked for. */
export function whyNoKubernetes(): Promise<string | undefined> {
    reason ??= find();
    return reason;
}

async function find(): Promise<string | undefined> {
    return (await whyNoCluster()) ?? (await whyNoPlugin()) ?? (await whyNoImage());
}

async function whyNoCluster(): Promise<string | undefined> {
    if (!process.env.KUBECONFIG) {
        return "KUBECONFIG is not set, so there is no cluster for tests";
    }
    try {
        const config = new k8s.KubeConfig();
        config.loadFromDefault();
        const asked = config.makeApiClient(k8s.VersionApi).getCode();
        const late = new Promise((_, reject) =>
            setTimeout(() => reject(new Error("it does not answer")), answerMs).unref(),
        );
        await Promise.race([asked, late]);
        return undefined;
    } catch (error) {
        return `the cluster of KUBECONFIG cannot be reached (${(error as Error).message})`;
    }
}

/** The Pulumi plugin for Kubernetes is got where it is missing and can be downloaded. */
async function whyNoPlugin(): Promise<string | undefined> {
    const env = await toolEnvironment();
    const listed = await capture("pulumi", ["plugin", "ls", "--json"], { env });
    const plugins = JSON.parse(listed.output.slice(listed.output.indexOf("["))) as { name: string }[];
    if (plugins.some(({ name }) => name === "kubernetes")) {
        return undefined;
    }
    const version = packageVersion("@pulumi/kubernetes");
    const install = ["plugin", "install", "resource", "kubernetes", version];
    const { code } = await capture("pulumi", install, { env, timeoutSeconds: pluginSeconds });
    return code === 0 ? undefined : `Pulumi's Kubernetes plugin ${version} is not installed and cannot be downloaded`;
}

/** Runs the command that brings images to the cluster's nodes; where there is none, the image is taken to be there. */
async function whyNoImage(): Promise<string | undefined> {
    const loader = process.env.DISTRIBUTED_SESSION_IMAGE_LOADER;
    if (!loader) {
        return undefined;
    }
    const env = await toolEnvironment();
    const command = `${loader} ${engineImage}`;
    const { code, output } = await capture("sh", ["-c", command], { env, timeoutSeconds: loadSeconds });
    return code === 0 ? undefined : `${command} failed: ${output.trim().split("\n").at(-1)}`;
}
