import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { HostSettings } from "../hostSettings";

/** The settings of the Docker provider that a resource's children get. An explicit provider does not reveal its `sshOpts`. */
export function hostSettingsOf(resource: pulumi.Resource): pulumi.Output<HostSettings> {
    const provider = resource.getProvider("docker:index/container:Container") as docker.Provider | undefined;
    if (provider === undefined) {
        const { host, context, certPath, caMaterial, certMaterial, keyMaterial, sshOpts, registryAuth } = docker.config;
        return pulumi.output({
            ...{ host, context, certPath, caMaterial, certMaterial, keyMaterial, sshOpts },
            registryAuth: registryAuth as HostSettings["registryAuth"],
        });
    }
    const { host, context, certPath, caMaterial, certMaterial, keyMaterial } = provider;
    // The provider's type leaves it out, and its value is a text.
    const { registryAuth } = provider as unknown as { registryAuth?: pulumi.Output<string | undefined> };
    const others = { context, certPath, caMaterial, certMaterial, keyMaterial, registryAuth };
    const known = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, unlessUnknown(value)]));
    // A client key and a login are secrets; the session's addresses depend on the daemon, never on those.
    return pulumi.unsecret(pulumi.output({ host, ...known }));
}

/**
 * A setting of a provider, or undefined where it is unknown: in a preview, a provider does not reveal a setting that it was not given. An
 * unknown host stays unknown, and nothing is inspected.
 */
async function unlessUnknown(setting: pulumi.Output<string | undefined> | undefined): Promise<string | undefined> {
    const { isKnown } = (setting ?? {}) as { isKnown?: Promise<boolean> };
    return (await isKnown) ? new Promise((resolve) => setting!.apply(resolve)) : undefined;
}
