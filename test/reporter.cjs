const { reporters } = require("mocha");
const { renderMatrix } = require("./matrix.cjs");

/** Mocha's own report, with the matrix of the backends and a closing line that other programs can read. */
module.exports = class extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        this.failedHooks = [];
        runner.on("fail", (runnable) => runnable.type === "hook" && this.failedHooks.push(runnable));
    }

    epilogue() {
        super.epilogue();
        const matrix = renderMatrix(this.runner.suite, this.failedHooks);
        if (matrix.length > 0) {
            console.log(`${matrix.join("\n")}\n`);
        }
        const { passes, failures, pending } = this.stats;
        if (pending > 0) {
            console.log(`${pending} skipped`);
        }
        console.log(`${passes} passed, ${failures} failed`);
    }
};
