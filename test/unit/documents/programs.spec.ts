import assert from "node:assert/strict";
import { programs } from "../../helpers/documents";

describe("the programs of the documents", () => {
    it("have a title each, by which a test runs them", () => {
        assert.deepEqual([...programs().keys()].sort(), [
            "dask",
            "dask-notebook",
            "launch-workers",
            "mocks",
            "own-library",
            "pages",
            "pages-on-kubernetes",
            "service",
        ]);
    });
});
