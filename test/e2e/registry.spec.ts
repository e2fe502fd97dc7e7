import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { docker } from "./support/backends";
import { onlyOn } from "./support/columns";
import { PlayedRegistry } from "./support/playedRegistry";
import { idle } from "./support/session";
import { Stack } from "./support/stack";

onlyOn(docker, "a registry that asks for a login", function (backend) {
    this.timeout(120_000);
    let registry: PlayedRegistry;
    let stack: Stack | undefined;

    beforeEach(async () => (registry = await PlayedRegistry.start()));
    afterEach(async () => {
        await stack?.remove();
        stack = undefined;
        await backend.site.docker
            .getImage(registry.image)
            .remove({ force: true })
            .catch(() => undefined);
        registry.stop();
    });

    /** An up with an image of the registry, in which nothing can run, where the Docker client has these logins. */
    async function up(auths: object): Promise<string> {
        const engine = { ...idle, image: registry.image };
        stack = await Stack.create({ master: engine, workers: { ...engine, n: 1 }, wait: "none" });
        fs.writeFileSync(path.join(stack.folder, "config.json"), JSON.stringify({ auths }));
        stack.environment.DOCKER_CONFIG = stack.folder;
        return (await stack.up()).output;
    }

    function login(): object {
        const { address, username, password } = registry;
        return { [address]: { auth: Buffer.from(`${username}:${password}`).toString("base64") } };
    }

    it("gives an image to a session where the Docker client has the login", async () => {
        const output = await up(login());
        assert.doesNotMatch(output, /cannot be pulled/);
        assert.doesNotMatch(output, new RegExp(registry.password));
        const found = await backend.site.docker.getImage(registry.image).inspect();
        assert.deepEqual(found.RepoTags, [registry.image]);
    });

    it("ends up without the login, and says where a login goes", async () => {
        const output = await up({});
        assert.match(
            output,
            /master\.image: ".*\/team\/private:1" .* cannot be pulled .*give the login of 127\.0\.0\.1:\d+/,
        );
        assert.deepEqual(await backend.site.leftovers(stack!.identity()), []);
    });

    it("ends up where a layer does not arrive whole, with the daemon's words", async () => {
        registry.isBroken = true;
        const output = await up(login());
        assert.match(output, /cannot be pulled \(filesystem layer verification failed/);
        assert.deepEqual(await backend.site.leftovers(stack!.identity()), []);
    });
});
