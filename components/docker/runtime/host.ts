import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";

/** Where a Docker daemon is, and what its clients show. */
export interface DockerHost {
    /** `unix://...`, `npipe://...`, `tcp://host:port` or `ssh://user@host:port`. */
    url: string;
    sshOptions: string[];
    tls?: { ca?: string; cert?: string; key?: string };
}

/** How the Docker provider of a session is set up. */
export interface HostSettings {
    host?: string;
    context?: string;
    certPath?: string;
    caMaterial?: string;
    certMaterial?: string;
    keyMaterial?: string;
    sshOpts?: string[];
}

/** What the Docker client notes of a context. */
interface ContextMeta {
    Name?: string;
    Endpoints?: { docker?: { Host?: string } };
}

/** The settings of the Docker provider that a resource's children get. An explicit provider does not tell its `sshOpts`. */
export function hostSettingsOf(resource: pulumi.Resource): pulumi.Output<HostSettings> {
    const provider = resource.getProvider("docker:index/container:Container") as docker.Provider | undefined;
    if (provider === undefined) {
        const { host, context, certPath, caMaterial, certMaterial, keyMaterial, sshOpts } = docker.config;
        return pulumi.output({ host, context, certPath, caMaterial, certMaterial, keyMaterial, sshOpts });
    }
    const { host, context, certPath, caMaterial, certMaterial, keyMaterial } = provider;
    const others = { context, certPath, caMaterial, certMaterial, keyMaterial };
    const known = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, unlessUnknown(value)]));
    // A client key is a secret, the session's addresses are not: they depend on the daemon, never on the key.
    return pulumi.unsecret(pulumi.output({ host, ...known }));
}

/**
 * A setting of a provider, or undefined where it is unknown: in a preview, a provider does not tell what it was not given. A host that is
 * unknown stays so, and nothing is looked at.
 */
async function unlessUnknown(setting: pulumi.Output<string | undefined>): Promise<string | undefined> {
    const { isKnown } = setting as unknown as { isKnown: Promise<boolean> };
    return (await isKnown) ? new Promise((resolve) => setting.apply(resolve)) : undefined;
}

/** Finds the daemon as the provider does, with its defaults and precedence: a context wins over a host, settings win over the environment. */
export function resolveHost(settings: HostSettings, environment: NodeJS.ProcessEnv): DockerHost {
    const context = settings.context || environment.DOCKER_CONTEXT;
    const host = settings.host || environment.DOCKER_HOST || defaultUrl();
    return {
        url: context ? urlOfContext(context) : host,
        sshOptions: settings.sshOpts ?? environment.DOCKER_SSH_OPTS?.split(/\s+/).filter(Boolean) ?? [],
        tls: readTls(settings, environment),
    };
}

function defaultUrl(): string {
    return process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

/** The Docker client keeps a context in a folder that is named after the hash of the context's name; the file inside names it. */
function urlOfContext(name: string): string {
    const folder = path.join(os.homedir(), ".docker", "contexts", "meta");
    const entries = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    for (const entry of entries) {
        const meta = JSON.parse(fs.readFileSync(path.join(folder, entry, "meta.json"), "utf8")) as ContextMeta;
        if (meta.Name === name && meta.Endpoints?.docker?.Host) {
            return meta.Endpoints.docker.Host;
        }
    }
    throw new Error(`There is no Docker context ${JSON.stringify(name)} in ${folder}.`);
}

function readTls(settings: HostSettings, environment: NodeJS.ProcessEnv): DockerHost["tls"] {
    const cert = settings.certMaterial || environment.DOCKER_CERT_MATERIAL;
    const key = settings.keyMaterial || environment.DOCKER_KEY_MATERIAL;
    if (cert || key) {
        return { ca: settings.caMaterial || environment.DOCKER_CA_MATERIAL, cert, key };
    }
    const folder = settings.certPath || environment.DOCKER_CERT_PATH;
    if (!folder) {
        return undefined;
    }
    const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
