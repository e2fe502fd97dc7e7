import assert from "node:assert/strict";
import { Attempts } from "../../../../../components/kubernetes/runtime/jobs/attempts";
import { PlayedPod, pod, terminated } from "../../../../helpers/pods";

const failed = (name: string, more: PlayedPod = {}): PlayedPod => ({ name, phase: "Failed", ...more });

/** The attempts of a worker, the newest first. */
function attempts(pods: PlayedPod[], most: number, isOver = false, forgivesDisruptions = false): Attempts {
    return new Attempts(
        pods.map((each) => pod(each)),
        { most, forgivesDisruptions, isOver: () => isOver },
    );
}

const namesOf = (pods: ReturnType<typeof pod>[]) => pods.map(({ metadata }) => metadata!.name);

describe("the attempts of a worker", () => {
    for (const [what, pods, most, isOver, goesOn] of [
        ["go on after a failure, while there are any left", [failed("a")], 1, false, true],
        ["are over after as many failures as are allowed", [failed("b"), failed("a")], 1, false, false],
        ["are over where none is allowed", [failed("a")], 0, false, false],
        [
            "are over where none is allowed and the one there is being deleted",
            [failed("a", { isGoing: true })],
            0,
            false,
            false,
        ],
        ["are none where the container itself is started again", [failed("a")], Infinity, false, false],
        ["go on after a service that is being deleted", [failed("a", { isGoing: true })], Infinity, false, true],
        ["are over where the Job says so", [failed("a")], 1, true, false],
        ["do not go on while one runs", [{ name: "b" }, failed("a")], 2, false, false],
        ["do not go on where there is none yet", [], 2, false, false],
        ["do not go on after a success", [{ name: "a", phase: "Succeeded", state: terminated(0) }], 2, false, false],
        [
            "go on where the container has ended and the Pod not yet",
            [{ name: "a", state: terminated(3) }],
            1,
            false,
            true,
        ],
        [
            "go on after one that is being deleted, which counts for nothing",
            [failed("b", { isGoing: true }), failed("a")],
            1,
            false,
            true,
        ],
    ] as const) {
        it(what, () => assert.equal(attempts([...pods], most, isOver).goOn, goesOn));
    }

    it("that failed are listed oldest first", () => {
        assert.deepEqual(namesOf(attempts([{ name: "c" }, failed("b"), failed("a")], 2).failed), ["a", "b"]);
    });

    it("that are followed by another are all that failed, but for the last of all", () => {
        assert.deepEqual(namesOf(attempts([failed("b"), failed("a")], 1).followed), ["a"]);
        assert.deepEqual(namesOf(attempts([failed("b"), failed("a")], 2).followed), ["a", "b"]);
    });

    describe("that the cluster takes away", () => {
        const evicted = (name: string, more: PlayedPod = {}) =>
            failed(name, { disruption: "EvictionByEvictionAPI", ...more });
        const running = { phase: "Running", state: { running: {} } };

        for (const [what, pods, isOver, forgives, isReplaced] of [
            ["are replaced once they have ended", [evicted("a")], false, true, true],
            ["are replaced while their Pod is removed", [evicted("a", { isGoing: true })], false, true, true],
            ["run on until they have ended", [evicted("a", { isGoing: true, ...running })], false, true, false],
            ["are not replaced by a Job that counts them", [evicted("a")], false, false, false],
            ["are not replaced where the Job is over", [evicted("a")], true, true, false],
            ["are replaced already where there is a newer one", [{ name: "b" }, evicted("a")], false, true, false],
            ["are none that failed by themselves", [failed("a")], false, true, false],
        ] as const) {
            it(what, () => assert.equal(attempts([...pods], 0, isOver, forgives).isReplaced, isReplaced));
        }

        it("count only where the Job counts them", () => {
            const pods = [{ name: "c" }, evicted("b"), failed("a")];
            assert.deepEqual(namesOf(attempts(pods, 1, false, true).failed), ["a"]);
            assert.deepEqual(namesOf(attempts(pods, 1).failed), ["a", "b"]);
        });

        it("are known from the moment on when they have to go", () => {
            const going = evicted("b", { isGoing: true, ...running });
            assert.deepEqual(namesOf(attempts([going, evicted("a")], 0, false, true).forgiven), ["b", "a"]);
            assert.deepEqual(namesOf(attempts([evicted("b", running)], 0, false, true).forgiven), []);
        });
    });
});
