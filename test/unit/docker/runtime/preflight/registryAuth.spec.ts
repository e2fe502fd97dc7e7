import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { RegistryAuth } from "../../../../../components/docker/hostSettings";
import { loginFor, registryOf } from "../../../../../components/docker/runtime/preflight/registryAuth";
import { folderWith, removeFolders } from "../../../../helpers/folders";

describe("the registry of an image", () => {
    for (const [image, registry] of [
        ["python", "docker.io"],
        ["python:3.12", "docker.io"],
        ["team/image", "docker.io"],
        ["ghcr.io/team/image:1", "ghcr.io"],
        ["localhost/image", "localhost"],
        ["far:5000/image@sha256:00", "far:5000"],
    ] as const) {
        it(`is ${registry} for ${image}`, () => assert.equal(registryOf(image), registry));
    }
});

describe("the login for a registry", () => {
    const before = { ...process.env };
    afterEach(() => {
        Object.assign(process.env, before);
        removeFolders();
    });

    const auth = (text: string) => Buffer.from(text).toString("base64");

    /** The login, where the Docker client's configuration is this. */
    function login(registry: string, config: object, settings: RegistryAuth[] = []) {
        const folder = folderWith({ "config.json": JSON.stringify(config) });
        return loginFor(registry, settings, { DOCKER_CONFIG: folder });
    }

    /** Puts a program that keeps logins into the PATH: it has one for one registry. */
    function playHelper(server: string, username: string): void {
        const answer = JSON.stringify({ ServerURL: server, Username: username, Secret: "kept" });
        const program = `#!/bin/sh\nread server\n[ "$1 $server" = 'get ${server}' ] || exit 1\necho '${answer}'\n`;
        const folder = folderWith({ "docker-credential-played": program });
        fs.chmodSync(path.join(folder, "docker-credential-played"), 0o755);
        process.env.PATH = `${folder}:${before.PATH}`;
    }

    it("is that of the Docker client", async () => {
        const config = { auths: { "far:5000": { auth: auth("me:my:word") } } };
        assert.deepEqual(await login("far:5000", config), {
            username: "me",
            password: "my:word",
            serveraddress: "far:5000",
        });
    });

    it("of Docker Hub is found under its old address", async () => {
        const config = { auths: { "https://index.docker.io/v1/": { auth: auth("me:word") } } };
        const serveraddress = "https://index.docker.io/v1/";
        assert.deepEqual(await login("docker.io", config), { username: "me", password: "word", serveraddress });
    });

    it("may be a token", async () => {
        const config = { auths: { "far:5000": { auth: auth("x:y"), identitytoken: "T" } } };
        assert.deepEqual(await login("far:5000", config), { identitytoken: "T", serveraddress: "far:5000" });
    });

    it("is none where the client has none", async () => {
        assert.equal(
            await login("far:5000", { auths: { other: { auth: auth("me:word") }, "far:5000": {} } }),
            undefined,
        );
        assert.equal(await loginFor("far:5000", [], { DOCKER_CONFIG: folderWith() }), undefined);
    });

    for (const [what, config] of [
        ["the program that keeps this registry's", { credHelpers: { "far:5000": "played" }, credsStore: "absent" }],
        ["the program that keeps all", { auths: { "far:5000": {} }, credsStore: "played" }],
    ] as const) {
        it(`is asked of ${what}`, async () => {
            playHelper("far:5000", "me");
            const serveraddress = "far:5000";
            assert.deepEqual(await login("far:5000", config), { username: "me", password: "kept", serveraddress });
        });
    }

    it("may be a token that a program keeps", async () => {
        playHelper("far:5000", "<token>");
        assert.deepEqual(await login("far:5000", { credsStore: "played" }), {
            identitytoken: "kept",
            serveraddress: "far:5000",
        });
    });

    it("is none where the program has none, or is not there", async () => {
        playHelper("other", "me");
        assert.equal(await login("far:5000", { credsStore: "played" }), undefined);
        assert.equal(await login("far:5000", { credsStore: "absent" }), undefined);
    });

    const client = { auths: { "far:5000": { auth: auth("me:word") } } };

    it("is that of the provider before the client's", async () => {
        const setting = { address: "far:5000", username: "you", password: "yours" };
        assert.equal((await login("far:5000", client, [setting]))!.username, "you");
    });

    it("is that of the client where the provider names only the registry", async () => {
        assert.equal((await login("far:5000", client, [{ address: "far:5000" }]))!.username, "me");
    });

    it("is in the configuration that the provider names, as a text or as a file", async () => {
        const text = JSON.stringify({ auths: { "far:5000": { auth: auth("third:word") } } });
        const file = path.join(folderWith({ "other.json": text }), "other.json");
        for (const setting of [{ configFileContent: text }, { configFile: file }]) {
            assert.equal((await login("far:5000", client, [{ address: "far:5000", ...setting }]))!.username, "third");
        }
    });

    it("is not shown where it cannot be read", async () => {
        const DOCKER_CONFIG = folderWith({ "config.json": '{"auths": {"far:5000": {"auth": "bWU6aGlkZGVu"}' });
        await assert.rejects(loginFor("far:5000", [], { DOCKER_CONFIG }), {
            message: "what the Docker client's configuration says of logins is not JSON",
        });
    });

    it("is none where the provider says that the registry needs none", async () => {
        assert.equal(await login("far:5000", client, [{ address: "far:5000", authDisabled: true }]), undefined);
    });
});
