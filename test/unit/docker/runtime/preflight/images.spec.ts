import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { mock } from "node:test";
import { RegistryAuth } from "../../../../../components/docker/hostSettings";
import { imageProblem } from "../../../../../components/docker/runtime/preflight/images";
import { folderWith, removeFolders } from "../../../../helpers/folders";
import { PlayedDaemon } from "../../../../helpers/playedDaemon";

const session = {} as pulumi.Resource;
const registry = "127.0.0.1:5000";
const image = `${registry}/team/mine:1`;

describe("an image that is not on the Docker host", () => {
    const configBefore = process.env.DOCKER_CONFIG;
    let daemon: PlayedDaemon;

    // The progress of a pull is not for the tests' own report.
    before(() => mock.method(pulumi.log, "info", () => Promise.resolve()));
    after(() => mock.restoreAll());
    beforeEach(() => (process.env.DOCKER_CONFIG = folderWith()));
    afterEach(() => {
        daemon?.stop();
        removeFolders();
        delete process.env.DOCKER_CONFIG;
        Object.assign(process.env, configBefore === undefined ? {} : { DOCKER_CONFIG: configBefore });
    });

    /** Pulls from a daemon that sends these events; it has the image afterwards if the test says so. */
    async function pull(events: object[], arrives = true, registryAuth: RegistryAuth[] = []) {
        let pulled = false;
        daemon = await PlayedDaemon.start(({ url }) => {
            if (url!.startsWith("/images/create")) {
                pulled = arrives;
                return { body: events.map((event) => `${JSON.stringify(event)}\r\n`).join("") };
            }
            return pulled ? { body: JSON.stringify({ Id: "i", Config: {} }) } : 404;
        });
        const host = { url: "tcp://far:2375", sshOptions: [], registryAuth };
        return imageProblem({ docker: daemon.docker, host }, { image }, session);
    }

    function loginOfPull(): unknown {
        const { headers } = daemon.requests.find(({ path }) => path.startsWith("/images/create"))!;
        const text = headers["x-registry-auth"] as string | undefined;
        return text && JSON.parse(Buffer.from(text, "base64url").toString());
    }

    it("is pulled", async () => {
        assert.equal(await pull([{ status: "Pulling" }, { status: "Downloaded" }]), undefined);
        assert.equal(
            daemon.requests[1]!.path,
            `/images/create?fromImage=${encodeURIComponent(`${registry}/team/mine`)}&tag=1`,
        );
    });

    it("is a problem where the pull fails half-way, with the daemon's words", async () => {
        const problem = await pull([{ status: "Downloading" }, { error: "unexpected EOF" }], false);
        assert.match(
            problem!,
            /cannot be pulled \(unexpected EOF\); correct the name, give the login of 127\.0\.0\.1:5000 \(/,
        );
    });

    it("is a problem where it is still missing after the pull", async () => {
        assert.match((await pull([], false))!, /\(it is still missing after the pull\)/);
    });

    it("is pulled without a login where there is none for its registry", async () => {
        await pull([], true, [{ address: "other.example.com", username: "me", password: "word" }]);
        assert.equal(loginOfPull(), undefined);
    });

    it("is pulled with the login of the provider", async () => {
        await pull([], true, [{ address: `https://${registry}`, username: "me", password: "word" }]);
        assert.deepEqual(loginOfPull(), { username: "me", password: "word", serveraddress: registry });
    });
});

describe("a text that is no image's name", () => {
    for (const text of ["debian latest", "../../containers/json?all=1#", "a/../b", "a//b", "", "a?b", "a%2fb"]) {
        it(`is refused before the daemon is asked: ${JSON.stringify(text)}`, async () => {
            const daemon = await PlayedDaemon.start(() => 404);
            const host = { url: "tcp://far:2375", sshOptions: [] };
            try {
                assert.match(
                    (await imageProblem({ docker: daemon.docker, host }, { image: text }, session))!,
                    /^".*" is not the name of an image, such as /,
                );
                assert.deepEqual(daemon.requests, []);
            } finally {
                daemon.stop();
            }
        });
    }
});
