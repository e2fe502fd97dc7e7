import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ClusterArgs, RayCluster } from "../../../components";
import { Deployment, deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { environmentIn, find, nameIfNone } from "../../helpers/session";

const stash = "pulumi:index:Stash";
const engines = ["r-master", "r-worker-1", "r-worker-2"];

/** Deploys a Ray cluster called `r` of two workers on mocks that keep this token. */
function deployRay(args: Partial<ClusterArgs> = {}): Promise<Deployment> {
    return deploy(
        () => {
            const { publishedAddress, dashboard, token } = new RayCluster("r", { workers: { n: 2 }, ...args });
            return { publishedAddress, dashboard, token, isSecret: pulumi.isSecret(token) };
        },
        { computed: (args) => ({ ...nameIfNone(args), ...(args.type === stash ? { output: "kept" } : {}) }) },
    );
}

/** A variable of an engine. */
function variableIn(deployment: Deployment, engine: string, name: string): string | undefined {
    return environmentIn(find(deployment, engine))[name];
}

describe("a Ray cluster", () => {
    after(removeFolders);

    it("gives every engine the token that the state keeps, and the user too, as a secret", async () => {
        const deployment = await deployRay();
        assert.deepEqual(find(deployment, "r-key", stash).ignoreChanges, ["input"]);
        assert.equal(find(deployment, "r-key", stash).parent, find(deployment, "r", "RayCluster").urn);
        for (const engine of engines) {
            assert.equal(variableIn(deployment, engine, "RAY_AUTH_TOKEN"), "kept");
            assert.equal(variableIn(deployment, engine, "RAY_AUTH_MODE"), "token");
        }
        assert.equal(deployment.outputs.token, "kept");
        assert.equal(deployment.outputs.isSecret, true);
    });

    it("makes no token where the arguments are wrong", async () => {
        const { resources } = await deploy(() => {
            assert.throws(() => new RayCluster("r", { workers: { n: -1 } }), /RayCluster "r" has 1 problem:/);
        });
        assert.equal(
            resources.some(({ type }) => type === stash),
            false,
        );
    });

    it("serves clients and its dashboard, and tells Ray the limits of each engine", async () => {
        const deployment = await deployRay();
        assert.equal(deployment.outputs.publishedAddress, "ray://127.0.0.1:10001");
        assert.equal(deployment.outputs.dashboard, "http://127.0.0.1:8265");
        const [head, worker] = ["r-master", "r-worker-1"].map((name) => find(deployment, name).inputs);
        assert.deepEqual([head!.memory, worker!.memory], [2048, 1024]);
        assert.deepEqual([head!.destroyGraceSeconds, worker!.destroyGraceSeconds], [5, 30]);
        for (const { command } of [head!, worker!]) {
            assert.match(
                command.join(" "),
                /exec ray start .*--num-cpus="\$cores" --memory="\$\(\(CDSW_MEMORY_MB \* 524288\)\)"/,
            );
        }
        assert.equal(variableIn(deployment, "r-worker-1", "MASTER_PORT"), "6379");
    });

    it("runs a job once its head has started, and ends where that fails again and again", async () => {
        const project = folderWith({ "job.py": "run()" });
        const { command } = find(await deployRay({ project, job: "job.py" }), "r-master").inputs;
        assert.match(
            command[2],
            /ray start [^\n]* --head [^\n]* && break\n.*\|\| exit 1\n.*\ndone\nexport RAY_ADDRESS=auto\npython3 -u "\$1" &/,
        );
        assert.doesNotMatch(command[2], /--block/);
        assert.equal(command.at(-1), "job.py");
    });
});
