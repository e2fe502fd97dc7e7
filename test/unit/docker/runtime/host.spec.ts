import assert from "node:assert/strict";
import * as crypto from "crypto";
import * as path from "path";
import { resolveHost } from "../../../../components/docker/runtime/host";
import { folderWith, removeFolders } from "../../../helpers/folders";

/** The file in which the Docker client notes a context. */
function contextFile(name: string, host: string): Record<string, string> {
    const folder = crypto.createHash("sha256").update(name).digest("hex");
    const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } };
    return { [`.docker/contexts/meta/${folder}/meta.json`]: JSON.stringify(meta) };
}

describe("the address of the Docker host", () => {
    const realHome = process.env.HOME;
    let home: string;

    before(() => {
        home = folderWith({ ...contextFile("far", "tcp://far:2375"), ...contextFile("near", "unix:///near.sock") });
        process.env.HOME = home;
    });
    after(() => {
        process.env.HOME = realHome;
        removeFolders();
    });

    const table: [string, Parameters<typeof resolveHost>[0], NodeJS.ProcessEnv, string][] = [
        ["the host of the settings", { host: "tcp://a:1" }, { DOCKER_HOST: "tcp://b:1" }, "tcp://a:1"],
        ["the host of the environment", {}, { DOCKER_HOST: "tcp://b:1" }, "tcp://b:1"],
        ["the context of the settings", { context: "far" }, { DOCKER_CONTEXT: "near" }, "tcp://far:2375"],
        ["the context of the environment", {}, { DOCKER_CONTEXT: "near" }, "unix:///near.sock"],
        ["a context rather than a host", { host: "tcp://a:1", context: "far" }, {}, "tcp://far:2375"],
        [
            "a context of the environment rather than a host",
            { host: "tcp://a:1" },
            { DOCKER_CONTEXT: "far" },
            "tcp://far:2375",
        ],
        [
            "a host rather than an empty context",
            { host: "tcp://a:1", context: "" },
            { DOCKER_CONTEXT: "" },
            "tcp://a:1",
        ],
        ["the environment's host rather than an empty one", { host: "" }, { DOCKER_HOST: "tcp://b:1" }, "tcp://b:1"],
    ];
    for (const [what, settings, environment, url] of table) {
        it(`is ${what}`, () => assert.equal(resolveHost(settings, environment).url, url));
    }

    it("is the local socket where nothing names another", function () {
        if (process.platform === "win32") {
            this.skip();
        }
        assert.deepEqual(resolveHost({}, {}), { url: "unix:///var/run/docker.sock", sshOptions: [], tls: undefined });
    });

    it("is missing where there is no context of that name", () => {
        const folder = path.join(home, ".docker", "contexts", "meta");
        assert.throws(() => resolveHost({ context: "gone" }, {}), {
            message: `There is no Docker context "gone" in ${folder}.`,
        });
    });
});

describe("the way to the Docker host", () => {
    after(removeFolders);

    it("has the SSH options of the settings, else those of the environment", () => {
        const environment = { DOCKER_SSH_OPTS: " -o A=b  -p 22 " };
        assert.deepEqual(resolveHost({ sshOpts: ["-v"] }, environment).sshOptions, ["-v"]);
        assert.deepEqual(resolveHost({}, environment).sshOptions, ["-o", "A=b", "-p", "22"]);
        assert.deepEqual(resolveHost({}, {}).sshOptions, []);
    });

    it("has the certificates of the settings' text", () => {
        const settings = { caMaterial: "CA", certMaterial: "CERT", keyMaterial: "KEY", certPath: "/nowhere" };
        assert.deepEqual(resolveHost(settings, {}).tls, { ca: "CA", cert: "CERT", key: "KEY" });
    });

    it("has the certificates of the environment's text", () => {
        const environment = { DOCKER_CA_MATERIAL: "CA", DOCKER_CERT_MATERIAL: "CERT", DOCKER_KEY_MATERIAL: "KEY" };
        assert.deepEqual(resolveHost({}, environment).tls, { ca: "CA", cert: "CERT", key: "KEY" });
    });

    it("has the certificates in a folder, the settings' before the environment's", () => {
        const one = folderWith({ "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" });
        const other = folderWith({ "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" });
        const environment = { DOCKER_CERT_PATH: other };
        assert.deepEqual(resolveHost({ certPath: one }, environment).tls, { ca: "CA", cert: "CERT", key: "KEY" });
        assert.deepEqual(resolveHost({}, environment).tls, { ca: "ca", cert: "cert", key: "key" });
    });
});
