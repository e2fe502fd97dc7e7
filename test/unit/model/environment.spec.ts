import assert from "node:assert/strict";
import { environmentOf } from "../../../components/model/environment";
import { EngineTemplate, Templated, planSession } from "../../../components/model/plan";
import { isReserved } from "../../../components/model/reservedNames";
import { sessionArgs } from "../../helpers/session";

const threads = (count: string) => ({
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    NUMEXPR_NUM_THREADS: count,
    VECLIB_MAXIMUM_THREADS: count,
    RAYON_NUM_THREADS: count,
});

const plan = planSession("s", sessionArgs(), { project: { folder: "/p/hello", files: [] } });
const master = engineWith(plan.master, { cpu: 0.2, memory: 0.5, project: undefined });
const worker = { ...engineWith(plan.groups[0]!, { cpu: 2.5, memory: 2 }), rank: 3 };
const masterPlace = { ip: "10.0.0.2", masterIp: "10.0.0.2" };
const workerPlace = { ip: "10.0.0.5", masterIp: "10.0.0.2", masterId: "0123456789ab" };

function engineWith<Engine extends Templated>(engine: Engine, changes: Partial<EngineTemplate>): Engine {
    return { ...engine, template: { ...engine.template, ...changes } };
}

describe("the environment of an engine", () => {
    it("gives a master its address, its port and its size", () => {
        assert.deepEqual(environmentOf(master, masterPlace), {
            CML_MASTER_IP: "10.0.0.2",
            CDSW_MASTER_IP: "10.0.0.2",
            MASTER_ADDR: "10.0.0.2",
            MASTER_PORT: "6000",
            CDSW_IP_ADDRESS: "10.0.0.2",
            CDSW_ENGINE_TYPE: "master",
            RANK: "0",
            CDSW_CPU_MILLICORES: "200",
            CDSW_MEMORY_MB: "512",
            ...threads("1"),
            CDSW_APP_PORT: "8090",
            CDSW_READONLY_PORT: "8100",
            PYTHONUNBUFFERED: "1",
        });
    });

    it("gives every engine the number of all where that is asked for, and else none", () => {
        const numberIn = (environment: object) => (environment as Record<string, string>).WORLD_SIZE;
        const numbersOf = (worldSize: boolean) => {
            const { master: first, groups } = planSession("s", sessionArgs({ worldSize, workers: { n: 4 } }));
            return [first, groups[0]!].map((engine) => numberIn(environmentOf(engine, masterPlace)));
        };
        assert.deepEqual(numbersOf(true), ["5", "5"]);
        assert.deepEqual(numbersOf(false), [undefined, undefined]);
    });

    it("gives a worker its rank, its own address, the project and which master it has", () => {
        assert.deepEqual(environmentOf(worker, workerPlace), {
            CML_MASTER_IP: "10.0.0.2",
            CDSW_MASTER_IP: "10.0.0.2",
            MASTER_ADDR: "10.0.0.2",
            MASTER_PORT: "6000",
            CDSW_MASTER_ID: "0123456789ab",
            CDSW_IP_ADDRESS: "10.0.0.5",
            CDSW_ENGINE_TYPE: "worker",
            RANK: "3",
            CDSW_PROJECT: "hello",
            CDSW_CPU_MILLICORES: "2500",
            CDSW_MEMORY_MB: "2048",
            ...threads("2"),
            CDSW_APP_PORT: "8090",
            CDSW_READONLY_PORT: "8100",
            PYTHONUNBUFFERED: "1",
        });
    });

    it("names no port of a master that has none", () => {
        const environment = environmentOf(engineWith(worker, { masterPort: undefined }), workerPlace);
        assert.ok(!("MASTER_PORT" in environment));
    });

    it("names no rank to a group: each of its engines finds out by itself", () => {
        assert.ok(!("RANK" in environmentOf(plan.groups[0]!, workerPlace)));
    });

    it("holds what the user adds", () => {
        const engine = engineWith(worker, { env: { GREETING: "hei" } });
        const environment = environmentOf(engine, workerPlace) as Record<string, string>;
        assert.equal(environment.GREETING, "hei");
    });

    it("leaves the number of threads to the user who sets it", () => {
        const engine = engineWith(worker, { env: { OMP_NUM_THREADS: "7" } });
        const environment = environmentOf(engine, workerPlace) as Record<string, string>;
        assert.equal(environment.OMP_NUM_THREADS, "7");
        assert.equal(environment.MKL_NUM_THREADS, "2");
    });
});

describe("the names that a session sets itself", () => {
    for (const name of ["CDSW_MASTER_IP", "CDSW_ANYTHING", "CML_MASTER_IP", "RANK", "MASTER_ADDR", "MASTER_PORT"]) {
        it(`include ${name}`, () => assert.equal(isReserved(name), true));
    }

    for (const name of ["RANKS", "MY_RANK", "CDSW", "XCDSW_A", "cdsw_a", "OMP_NUM_THREADS", "PATH"]) {
        it(`leave ${name} to the user`, () => assert.equal(isReserved(name), false));
    }

    it("include every name of the session in its environment, but for what a user may set", () => {
        const names = Object.keys(environmentOf(worker, workerPlace)).filter((name) => !isReserved(name));
        assert.deepEqual(names, [...Object.keys(threads("")), "PYTHONUNBUFFERED"]);
    });
});
