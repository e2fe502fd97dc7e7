const { reporters } = require("mocha");
const { renderMatrix } = require("./matrix.cjs");

/** The matrix of the backends, Mocha's own report, whose failures come last, and a closing line that other programs can read. */
module.exports = class extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        this.failedHooks = [];
        runner.on("fail", (runnable) => runnable.type === "hook" && this.failedHooks.push(runnable));
    }

    epilogue() {
        const matrix = renderMatrix(this.runner.suite, this.failedHooks);
        if (matrix.length > 0) {
            console.log(matrix.join("\n"));
        }
        super.epilogue();
        const { passes, failures, pending } = this.stats;
        if (pending > 0) {
            console.log(`${pending} skipped`);
        }
        console.log(`${passes} passed, ${failures} failed`);
    }
};
