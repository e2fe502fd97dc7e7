import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import assert from "node:assert/strict";
import { ResourceDemand, preflight } from "../../../../../components/docker/runtime/preflight/preflight";
import { identityOf, label } from "../../../../../components/model/labels";
import { planSession } from "../../../../../components/model/plan";
import { sessionArgs } from "../../../../helpers/session";
import { playedUid } from "../../../../helpers/playedDocker";

const gib = 2 ** 30;
const host = { url: "tcp://far:2375", sshOptions: [] };
/** How often the host was asked about itself. */
const counts = { info: 0 };
const session = {} as pulumi.Resource;

/** A host with 4 cores and 8 GiB, one network, and images that hold these programs. */
function dockerWith(images: Record<string, { programs: string[]; config?: object }>, created: string[] = []): Docker {
    const missing = () => Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 }));
    const network = { Id: "o", Name: "other", IPAM: { Config: [{ Subnet: "10.77.0.0/16" }] } };
    return {
        info: () => (
            counts.info++,
            Promise.resolve({ NCPU: 4, MemTotal: 8 * gib, SystemTime: "2024-01-02T03:04:05.678Z" })
        ),
        listNetworks: (options?: { filters: { label: string[] } }) => {
            const [identity] = options?.filters.label ?? [];
            const Labels = { [label.session]: identityOf("s") };
            return Promise.resolve(identity === undefined ? [network] : [{ Id: "n", Name: identity, Labels }]);
        },
        listVolumes: () => Promise.resolve({ Volumes: [] }),
        listContainers: () => Promise.resolve([]),
        getImage: (name: string) => ({
            inspect: () =>
                name in images ? Promise.resolve({ Id: name, Config: images[name]!.config ?? {} }) : missing(),
        }),
        createContainer: ({ Image }: { Image: string }) => {
            created.push(Image);
            return Promise.resolve({
                infoArchive: ({ path }: { path: string }) =>
                    images[Image]!.programs.includes(path) ? Promise.resolve() : missing(),
                remove: () => Promise.resolve(created.pop()),
            });
        },
    } as unknown as Docker;
}

function demand(changes: Partial<ResourceDemand> = {}): ResourceDemand {
    return { path: "master", image: "mine", program: "python3", cpu: 1, memory: 1, count: 1, ...changes };
}

function inspect(docker: Docker, demands: ResourceDemand[], subnet?: string, maxSeconds?: number) {
    const plan = planSession("s", sessionArgs({ docker: { subnet }, maxSeconds }), undefined);
    return preflight({ docker, host }, plan, { demands, mounts: [], owner }, session);
}

const owner = { name: identityOf("s"), uid: playedUid };
const mine = { mine: { programs: ["/usr/bin/python3"] } };

describe("the inspection of a Docker host", () => {
    it("finds nothing wrong where everything fits, and reports the subnet, the host's clock and what is there", async () => {
        const found = await inspect(dockerWith(mine), [demand({ cpu: 4, memory: 8 })], "10.78.0.0/24");
        assert.deepEqual(found, {
            owner,
            subnet: { base: 0x0a4e0000, prefix: 24 },
            hostTime: Date.UTC(2024, 0, 2, 3, 4, 5, 678),
            limitsLogs: false,
            limitsCreated: true,
            entrypoints: new Map(),
            inventory: {
                containers: [],
                networks: [{ id: "n", name: `${label.session}=${identityOf("s")}`, token: "", subnet: undefined }],
                volumes: [],
            },
        });
    });

    it("asks the host about itself once", async () => {
        counts.info = 0;
        await inspect(dockerWith(mine), [demand()]);
        assert.equal(counts.info, 1);
    });

    it("reports all that is wrong at once", async () => {
        const demands = [
            demand({ cpu: 4.1, image: "distributed-session/engine:0.2.0" }),
            demand({ path: "workers", memory: 8.5, program: "Rscript" }),
        ];
        await assert.rejects(inspect(dockerWith(mine), demands, "10.77.5.0/24"), {
            message: [
                "The session on the Docker host tcp://far:2375 has 5 problems:",
                "  master.cpu: 4.1 is more than the 4 cores of the host",
                "  workers.memory: 8.5 (8.5 GiB) is more than the 8 GiB of the host",
                '  docker.subnet: "10.77.5.0/24" overlaps the network "other" (10.77.0.0/16) of the Docker host; choose another subnet, or leave it out',
                '  master.image: "distributed-session/engine:0.2.0", the default image, is not on the Docker host; build it with: docker build -t distributed-session/engine:0.2.0 <the folder engine/ of distributed-session>',
                '  workers.image: "mine" has no Rscript in its PATH; choose an image that has it, or another kernel or command',
            ].join("\n"),
        });
    });

    it("reports that nobody answers", async () => {
        const docker = { info: () => Promise.reject(new Error("connect ECONNREFUSED")) } as unknown as Docker;
        await assert.rejects(inspect(docker, []), {
            message:
                "The Docker daemon at tcp://far:2375 cannot be reached (connect ECONNREFUSED). Start it, or name another: set DOCKER_HOST, or give the session a docker.Provider with host.",
        });
    });

    for (const [what, config, program] of [
        ["whose own PATH has the program", { Env: ["A=b", "PATH=/opt/x:/opt/y"] }, "/opt/y/python3"],
        ["that names its kernels", { Labels: { "distributed-session.kernels": "python3" } }, undefined],
        ["with an entrypoint, which may find the program anywhere", { Entrypoint: ["/entry"] }, undefined],
    ] as const) {
        it(`accepts an image ${what}`, async () => {
            const images = { mine: { programs: program === undefined ? [] : [program], config } };
            await inspect(dockerWith(images), [demand()]);
        });
    }

    it("accepts any image for a command of the user's", async () => {
        await inspect(dockerWith({ mine: { programs: [] } }), [demand({ program: undefined })]);
    });

    it("leaves no container behind", async () => {
        const created: string[] = [];
        await assert.rejects(inspect(dockerWith({ mine: { programs: [] } }, created), [demand()]));
        assert.deepEqual(created, []);
    });

    it("refuses an image that names its kernels and lacks the one that is asked for", async () => {
        const config = { Labels: { "distributed-session.kernels": "python3" } };
        await assert.rejects(inspect(dockerWith({ mine: { programs: [], config } }), [demand({ program: "Rscript" })]));
    });

    describe("for engines whose life is limited", () => {
        const inspectLimited = (programs: string[], config: object) =>
            inspect(dockerWith({ mine: { programs, config } }), [demand({ program: undefined })], undefined, 60);

        for (const Entrypoint of [undefined, ["/entry"]]) {
            it(`refuses an image without a shell, ${Entrypoint ? "also with" : "without"} an entrypoint`, async () => {
                await assert.rejects(inspectLimited(["/usr/bin/python3"], { Entrypoint }), {
                    message:
                        /\n {2}master\.image: "mine" has no sh in its PATH, and maxSeconds needs it; choose an image that has it, or leave maxSeconds out$/,
                });
            });
        }

        it("reads the entrypoints of the images", async () => {
            const entry = ["tini", "--"];
            const { entrypoints } = await inspectLimited(["/bin/sh"], { Entrypoint: entry });
            assert.deepEqual([...entrypoints], [["mine", entry]]);
            assert.deepEqual([...(await inspectLimited(["/bin/sh"], {})).entrypoints], [["mine", []]]);
        });
    });
});
