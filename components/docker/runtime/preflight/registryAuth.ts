import { execFile } from "child_process";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { promisify } from "util";
import { RegistryAuth } from "../../hostSettings";

/** What the daemon hands to a registry: a name and a password, or a token. */
export interface RegistryLogin {
    username?: string;
    password?: string;
    identitytoken?: string;
    serveraddress: string;
}

/** What is read of a Docker client's `config.json`. */
interface DockerConfig {
    auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>;
    credHelpers?: Record<string, string>;
    credsStore?: string;
}

const dockerHub = "docker.io";
/** Docker's clients keep the login of Docker Hub under this address. */
const dockerHubKey = "https://index.docker.io/v1/";
const helperTimeoutMs = 30_000;

/** The registry that an image is pulled from, as its name says: `docker.io` where it names none. */
export function registryOf(image: string): string {
    const [first, ...rest] = image.split("/");
    return rest.length > 0 && /[.:]|^localhost$/.test(first!) ? first! : dockerHub;
}

/**
 * The login for a registry: that of the provider's `registryAuth`, else that of the Docker client's configuration on this machine.
 * Undefined where there is none, and the registry is asked without a login.
 */
export async function loginFor(
    registry: string,
    settings: RegistryAuth[],
    environment: NodeJS.ProcessEnv,
): Promise<RegistryLogin | undefined> {
    const setting = settings.find(({ address }) => hostOf(address) === registry);
    if (setting?.authDisabled) {
        return undefined;
    }
    if (setting?.username && setting.password) {
        return { username: setting.username, password: setting.password, serveraddress: keyOf(registry) };
    }
    const text = setting?.configFileContent ?? readConfig(setting?.configFile, environment);
    return text === undefined ? undefined : loginIn(parse(text, "the Docker client's configuration"), registry);
}

/** The text of a Docker client's configuration; `DOCKER_CONFIG` names its folder, and for the provider the file too. */
function readConfig(file: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
    const place = file ?? (environment.DOCKER_CONFIG || path.join(os.homedir(), ".docker"));
    const isFolder = fs.existsSync(place) && fs.statSync(place).isDirectory();
    const name = isFolder ? path.join(place, "config.json") : place;
    return fs.existsSync(name) ? fs.readFileSync(name, "utf8") : undefined;
}

async function loginIn(config: DockerConfig, registry: string): Promise<RegistryLogin | undefined> {
    const helper = findByHost(config.credHelpers, registry) ?? config.credsStore;
    const serveraddress = keyOf(registry);
    if (helper) {
        const found = await askHelper(helper, serveraddress);
        if (found !== undefined) {
            return found;
        }
    }
    const { auth, username, password, identitytoken } = findByHost(config.auths, registry) ?? {};
    if (identitytoken) {
        return { identitytoken, serveraddress };
    }
    const [, user = username, secret = password] =
        /^([^:]*):(.*?)\0*$/s.exec(Buffer.from(auth ?? "", "base64").toString()) ?? [];
    return user && secret ? { username: user, password: secret, serveraddress } : undefined;
}

/** Asks one of the programs that keep logins for Docker's clients. One that has none, or is not there, gives none. */
async function askHelper(helper: string, serveraddress: string): Promise<RegistryLogin | undefined> {
    const program = `docker-credential-${helper}`;
    const running = promisify(execFile)(program, ["get"], { timeout: helperTimeoutMs });
    running.child.stdin!.on("error", () => undefined).end(serveraddress);
    const answer = await running.catch(() => undefined);
    if (answer === undefined) {
        return undefined;
    }
    const { Username: username, Secret: secret } = parse<{ Username: string; Secret: string }>(answer.stdout, program);
    return username === "<token>"
        ? { identitytoken: secret, serveraddress }
        : { username, password: secret, serveraddress };
}

/** The parser's own error would quote a part of the text, which has secrets. */
function parse<T>(text: string, source: string): T {
    try {
        return JSON.parse(text) as T;
    } catch {
        throw new Error(`what ${source} says of logins is not JSON`);
    }
}

function findByHost<T>(entries: Record<string, T> | undefined, registry: string): T | undefined {
    return Object.entries(entries ?? {}).find(([address]) => hostOf(address) === registry)?.[1];
}

function keyOf(registry: string): string {
    return registry === dockerHub ? dockerHubKey : registry;
}

/** The registry that an address means: `https://index.docker.io/v1/` is Docker Hub. */
function hostOf(address: string): string {
    const host = address.replace(/^https?:\/\//, "").split("/")[0]!;
    return ["index.docker.io", "registry-1.docker.io"].includes(host) ? dockerHub : host;
}
