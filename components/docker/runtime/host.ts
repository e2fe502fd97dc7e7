import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { HostSettings, RegistryAuth } from "../hostSettings";

/** Where a Docker daemon is, and how its clients identify themselves. */
export interface DockerHost {
    /** `unix://...`, `npipe://...`, `tcp://host:port` or `ssh://user@host:port`. */
    url: string;
    sshOptions: string[];
    tls?: { ca?: string; cert?: string; key?: string };
    /** The logins for registries that the Docker provider was given. */
    registryAuth?: RegistryAuth[];
}

/** What the Docker client's file of a context says. */
interface ContextMeta {
    Name?: string;
    Endpoints?: { docker?: { Host?: string } };
}

/** Finds the daemon as the provider does, with its defaults and precedence: a context wins over a host, settings win over the environment. */
export function resolveHost(settings: HostSettings, environment: NodeJS.ProcessEnv): DockerHost {
    const context = settings.context || environment.DOCKER_CONTEXT;
    const host = settings.host || environment.DOCKER_HOST || defaultUrl();
    const { registryAuth } = settings;
    return {
        url: context ? urlOfContext(context) : host,
        sshOptions: settings.sshOpts ?? environment.DOCKER_SSH_OPTS?.split(/\s+/).filter(Boolean) ?? [],
        tls: readTls(settings, environment),
        ...(registryAuth && { registryAuth: parseRegistryAuth(registryAuth) }),
    };
}

function parseRegistryAuth(setting: RegistryAuth[] | string): RegistryAuth[] {
    return typeof setting === "string" ? (JSON.parse(setting) as RegistryAuth[]) : setting;
}

function defaultUrl(): string {
    return process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

/** The Docker client keeps each context in a folder of its own; the file inside has the context's name. */
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
