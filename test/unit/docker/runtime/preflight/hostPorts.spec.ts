import type Docker from "dockerode";
import assert from "node:assert/strict";
import * as net from "net";
import { portProblems } from "../../../../../components/docker/runtime/preflight/hostPorts";
import { PublishedPort } from "../../../../../components";
import { identityOf, label } from "../../../../../components/model/labels";
import { planSession } from "../../../../../components/model/plan";
import { sessionArgs } from "../../../../helpers/session";

/** A container that has a port of an address of the host; without one, it is stopped, and would have it again after a start. */
interface PlayedContainer {
    ip?: string;
    bound?: string;
    session?: string;
    type?: string;
    /** Whether the daemon lists it and does not know it: it is being created or removed. */
    isUnknown?: boolean;
    /** Default: 8000. */
    port?: number;
}

function dockerWith(containers: PlayedContainer[]): Docker {
    const infos = containers.map(({ ip, session, type = "tcp", port = 8000 }, index) => ({
        Id: String(index),
        Names: [`/c${index}`],
        Labels: session === undefined ? {} : { [label.session]: session },
        Ports: ip === undefined ? [] : [{ IP: ip, PrivatePort: 1, PublicPort: port, Type: type }],
        isRunning: ip !== undefined,
    }));
    return {
        listContainers: ({ all, filters }: { all?: boolean; filters?: { label: string[] } } = {}) => {
            const wanted = filters?.label[0];
            const fits = (labels: Record<string, string | undefined>) =>
                wanted === undefined || wanted === `${label.session}=${labels[label.session]}`;
            return Promise.resolve(infos.filter(({ Labels, isRunning }) => (all || isRunning) && fits(Labels)));
        },
        getContainer: (id: string) => {
            const { bound, isUnknown, port = 8000 } = containers[Number(id)]!;
            const PortBindings = bound === undefined ? null : { "1/tcp": [{ HostIp: bound, HostPort: String(port) }] };
            const unknown = Object.assign(new Error("no such container"), { statusCode: 404 });
            const answer = { HostConfig: { PortBindings } };
            return { inspect: () => (isUnknown ? Promise.reject(unknown) : Promise.resolve(answer)) };
        },
    } as unknown as Docker;
}

function problems(publish: PublishedPort[], containers: PlayedContainer[], isLocal = false) {
    const plan = planSession("s", sessionArgs({ publish }), undefined);
    return portProblems(dockerWith(containers), plan, { name: identityOf("s") }, isLocal);
}

/** A program that has a port of this machine. */
async function listen(): Promise<{ server: net.Server; port: number }> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, port: (server.address() as net.AddressInfo).port };
}

describe("a published port", () => {
    const own = identityOf("s");

    it("is free where the session's master is listed, and the daemon does not know it yet", async () => {
        assert.deepEqual(await problems([{ port: 8000 }], [{ session: own, isUnknown: true }]), []);
    });

    it("that a container has is reported, with the container", async () => {
        assert.deepEqual(await problems([{ port: 1 }, { port: 6000, hostPort: 8000 }], [{ ip: "127.0.0.1" }]), [
            {
                path: "publish[1].hostPort",
                reason: '8000 at 127.0.0.1 is taken by the container "c0" on the Docker host; choose another hostPort, or stop what has it',
            },
        ]);
    });

    for (const [hostIp, ip, isTaken] of [
        ["127.0.0.1", "0.0.0.0", true],
        ["0.0.0.0", "127.0.0.1", true],
        ["::1", "::", true],
        ["127.0.0.1", "10.0.0.1", false],
        ["127.0.0.1", "::", false],
    ] as const) {
        it(`at ${hostIp} is ${isTaken ? "taken" : "free"} where a container has it at ${ip}`, async () => {
            assert.equal((await problems([{ port: 8000, hostIp }], [{ ip }])).length, isTaken ? 1 : 0);
        });
    }

    it("is free where a container has it for UDP, or has stopped", async () => {
        assert.deepEqual(
            await problems([{ port: 8000 }], [{ ip: "127.0.0.1", type: "udp" }, { bound: "127.0.0.1" }]),
            [],
        );
    });

    for (const ip of ["127.0.0.1", undefined]) {
        it(`is the session's own where its master ${ip ? "has it" : "has ended"}, whatever listens there`, async () => {
            const { server, port } = await listen();
            const master = { ip, bound: "127.0.0.1", session: own, port };
            try {
                assert.deepEqual(await problems([{ port }], [master], true), []);
            } finally {
                server.close();
            }
        });
    }

    for (const [bound, hostIp] of [
        ["127.0.0.1", "0.0.0.0"],
        ["0.0.0.0", "127.0.0.1"],
    ] as const) {
        it(`moves from ${bound} to ${hostIp}, where the session's master has it`, async () => {
            const { server, port } = await listen();
            const master = { ip: bound, bound, session: own, port };
            try {
                assert.deepEqual(await problems([{ port, hostIp }], [master], true), []);
            } finally {
                server.close();
            }
        });
    }

    it("is reported where it is added to those that the session's master has, and a container has it", async () => {
        const containers = [
            { ip: "127.0.0.1", bound: "127.0.0.1", session: own },
            { ip: "127.0.0.1", port: 9000 },
        ];
        const [problem, ...others] = await problems([{ port: 8000 }, { port: 9000 }], containers);
        assert.deepEqual([problem!.path, others], ["publish[1].hostPort", []]);
        assert.match(problem!.reason, /^9000 at 127\.0\.0\.1 is taken by the container "c1"/);
    });

    it("is reported where it is added to those that the session's master has, and a program has it", async () => {
        const { server, port } = await listen();
        const master = { ip: "127.0.0.1", bound: "127.0.0.1", session: own };
        try {
            const [problem, ...others] = await problems([{ port: 8000 }, { port }], [master], true);
            assert.deepEqual([problem!.path, others], ["publish[1].hostPort", []]);
            assert.match(problem!.reason, /is taken by another program on the Docker host/);
        } finally {
            server.close();
        }
    });

    it("that another program of this machine has is reported, where the daemon is on this machine", async () => {
        const { server, port: hostPort } = await listen();
        try {
            const [problem] = await problems([{ port: 8000, hostPort }], [], true);
            assert.match(problem!.reason, /^\d+ at 127\.0\.0\.1 is taken by another program on the Docker host/);
            assert.deepEqual(await problems([{ port: 8000, hostPort }], [], false), []);
        } finally {
            server.close();
        }
        assert.deepEqual(await problems([{ port: 8000, hostPort }], [], true), []);
    });
});
